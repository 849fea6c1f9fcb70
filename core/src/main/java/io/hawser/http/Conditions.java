// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Request;
import io.hawser.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the conditions of a request leave of its response (RFC 9110, 13). Pure functions, for any thread. */
final class Conditions {
    /** Those of the representation, and what is called alike without being of it. */
    private static final Set<String> METADATA_KEPT = Set.of("content-location", "content-security-policy");

    private Conditions() {}

    /** What they come to. */
    enum Outcome {
        /** The response is to be sent. */
        MET,
        /** A 304 is. */
        NOT_MODIFIED,
        /** A 412 is. */
        FAILED
    }

    /**
     * Whether the conditions are met.
     *
     * @param response a 200 to a GET or HEAD, others being none of this
     * @param now tells the century of old dates
     */
    static Outcome of(Request request, Response response, Instant now) {
        Validators current = Validators.of(response, now);
        // RFC 9110 13.2.2: in this order
        boolean expected = has(request, "If-Match")
                ? matches(request, "If-Match", current, true)
                : date(request, "If-Unmodified-Since", now).filter(current::isModifiedSince).isEmpty();
        if (!expected) {
            return Outcome.FAILED;
        }
        boolean known = has(request, "If-None-Match")
                ? matches(request, "If-None-Match", current, false)
                : date(request, "If-Modified-Since", now).filter(current::isUnmodifiedSince).isPresent();
        return known ? Outcome.NOT_MODIFIED : Outcome.MET;
    }

    private static boolean has(Request request, String name) {
        return request.header(name).isPresent();
    }

    private static boolean matches(Request request, String name, Validators current, boolean strongly) {
        List<String> values = request.headers().allValues(name);
        // RFC 9110 13.1.1: "*" is true if there is a current representation, as there is for a 200.
        return values.equals(List.of("*")) || current.isAmong(EntityTag.list(values), strongly);
    }

    private static Optional<Instant> date(Request request, String name, Instant now) {
        // RFC 9110 13.1.3: a recipient MUST ignore the field if it is not a valid HTTP-date, or has more than one member.
        List<String> values = request.headers().allValues(name);
        return values.size() == 1 ? HttpDate.parse(values.get(0), now) : Optional.empty();
    }

    /** The 304 in place of a response. */
    static Response notModified(Response response) {
        Response kept = response.withStatus(304).withBody(Response.notModified().body());
        for (String name : response.headers().map().keySet()) {
            if (describesBody(name, response)) {
                kept = kept.withoutHeader(name);
            }
        }
        return kept;
    }

    /**
     * RFC 9110 15.4.5: the sender SHOULD NOT generate representation metadata other than Content-Location, Date, ETag, Vary, Cache-Control and
     * Expires; Last-Modified might be useful if the response does not have an ETag.
     */
    private static boolean describesBody(String name, Response response) {
        String field = name.toLowerCase(Locale.ROOT);
        return field.startsWith("content-") && !METADATA_KEPT.contains(field)
                || field.equals("last-modified") && response.header("ETag").isPresent();
    }
}
