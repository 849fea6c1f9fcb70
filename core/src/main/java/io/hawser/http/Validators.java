// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What tells a representation from an earlier one (RFC 9110, 8.8).
 *
 * @param tag its {@code ETag}, if there is one
 * @param lastModified its {@code Last-Modified}, if there is one
 */
record Validators(Optional<EntityTag> tag, Optional<Instant> lastModified) {
    /** Those of a response, where they can be understood. */
    static Validators of(Response response, Instant now) {
        return new Validators(
                response.header("ETag").flatMap(field -> EntityTag.list(List.of(field)).stream().findFirst()),
                response.header("Last-Modified").flatMap(field -> HttpDate.parse(field, now)));
    }

    boolean isPresent() {
        return tag.isPresent() || lastModified.isPresent();
    }

    /** Whether this is as old as an instant, or older; not if that is not known. */
    boolean isUnmodifiedSince(Instant instant) {
        return lastModified.isPresent() && !lastModified.get().isAfter(instant);
    }

    /** Whether the tag is one of these. */
    boolean isAmong(List<EntityTag> tags, boolean strongly) {
        return tag.isPresent()
                && tags.stream().anyMatch(strongly ? tag.get()::isStronglyEqual : tag.get()::isWeaklyEqual);
    }

    /** Whether this is newer than an instant; not if that is not known. */
    boolean isModifiedSince(Instant instant) {
        return lastModified.isPresent() && lastModified.get().isAfter(instant);
    }
}
