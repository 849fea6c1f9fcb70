// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.time.Instant;

/** What a client gets of what a handler answers: nothing that it has already, the part that it asks for. */
final class Selection {
    private Selection() {}

    /**
     * The response to send.
     *
     * @param surroundings for the present time and for chance
     */
    static Response of(Request request, Response response, Surroundings surroundings) {
        boolean get = request.method().equals("GET");
        boolean selects = response.status() == 200 && (get || request.method().equals("HEAD"));
        if (!selects || response.header("ETag").isEmpty() && response.header("Last-Modified").isEmpty()) {
            return response;
        }
        Instant now = surroundings.instant();
        Response conditional = Conditions.apply(request, response, now);
        if (conditional.status() != 200 || !Ranges.isPossible(conditional, now)) {
            return conditional;
        }
        Response whole = conditional.header("Accept-Ranges").isPresent() ? conditional : conditional.withHeader("Accept-Ranges", "bytes");
        // RFC 9110 14.2: GET is the only method for which range handling is defined.
        return get ? Ranges.apply(request, whole, now, surroundings::newChance) : whole;
    }
}
