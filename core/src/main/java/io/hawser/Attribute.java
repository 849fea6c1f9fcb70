// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.Objects;

/**
 * A key for a value that an application keeps with a {@linkplain Request request} or a {@linkplain Connection connection}. Each key is
 * itself alone: two of the same name are different keys. Made once, as a constant: {@code static final Attribute<User> USER =
 * Attribute.of("user")}.
 *
 * @param <T> what the values are
 */
@SuppressWarnings("UnusedTypeParameter") // it types what get and set take and give
public final class Attribute<T> {
    private final String name;

    private Attribute(String name) {
        this.name = name;
    }

    /** A new key. The name is for messages only. */
    public static <T> Attribute<T> of(String name) {
        return new Attribute<>(Objects.requireNonNull(name));
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "attribute " + name;
    }
}
