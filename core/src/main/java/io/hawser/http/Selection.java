// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.time.Instant;

/** What a client gets of what a handler answers: nothing that it has already, the part that it asks for, and compressed if it takes that. */
final class Selection {
    private final Request request;
    private final Surroundings surroundings;
    /** Whether what is sent as a whole is compressed. */
    private final boolean gzip;

    private Selection(Request request, Surroundings surroundings, boolean gzip) {
        this.request = request;
        this.surroundings = surroundings;
        this.gzip = gzip;
    }

    /**
     * The response to send.
     *
     * @param compress whether texts are compressed for those who take that
     * @param surroundings for the present time, for chance and for threads
     */
    static Response of(Request request, Response response, boolean compress, Surroundings surroundings) {
        if (compress && Compression.isPossible(response)) {
            return new Selection(request, surroundings, Compression.isWanted(request)).of(Compression.varying(response));
        }
        return new Selection(request, surroundings, false).of(response);
    }

    private Response of(Response response) {
        boolean selects = response.status() == 200 && (isFor("GET") || isFor("HEAD"));
        if (!selects || response.header("ETag").isEmpty() && response.header("Last-Modified").isEmpty()) {
            return whole(response);
        }
        Instant now = surroundings.instant();
        return switch (Conditions.of(request, response, now)) {
            case FAILED -> Response.text(412, "what is here is not what the request expects");
            case NOT_MODIFIED -> Conditions.notModified(gzip ? Compression.described(response) : response);
            case MET -> Ranges.isPossible(response, now) ? partOf(response, now) : whole(response);
        };
    }

    private boolean isFor(String method) {
        return request.method().equals(method);
    }

    private Response partOf(Response response, Instant now) {
        Response offering = response.header("Accept-Ranges").isPresent() ? response : response.withHeader("Accept-Ranges", "bytes");
        // RFC 9110 14.2: GET is the only method for which range handling is defined.
        Response part = isFor("GET") ? Ranges.apply(request, offering, now, surroundings::newChance) : offering;
        return part.status() == 200 ? whole(part) : part;
    }

    private Response whole(Response response) {
        if (!gzip) {
            return response;
        }
        // What the body comes to need not be found out where it is not sent.
        Response.Body body = isFor("HEAD") ? Compression.unknown() : Compression.compressed(response.body(), surroundings);
        return Compression.described(response).withBody(body);
    }
}
