// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.List;
import java.util.Optional;

/** Reads the header fields by which clients say who they are. Pure functions. */
final class Credentials {
    private Credentials() {}

    /** What follows the name of a scheme, whose case does not count (RFC 9110, 11.4); empty unless there is one field, of that scheme. */
    static Optional<String> of(String scheme, List<String> authorization) {
        if (authorization.size() != 1) {
            return Optional.empty();
        }
        String field = authorization.getFirst().strip();
        int space = field.indexOf(' ');
        return space > 0 && field.substring(0, space).equalsIgnoreCase(scheme)
                ? Optional.of(field.substring(space).strip()).filter(rest -> !rest.isEmpty())
                : Optional.empty();
    }

    /** The value of the first cookie of a name. */
    static Optional<String> cookie(String name, List<String> fields) {
        return fields.stream()
                .flatMap(field -> List.of(field.split(";", -1)).stream())
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }
}
