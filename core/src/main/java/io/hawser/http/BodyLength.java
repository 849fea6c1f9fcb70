// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import java.util.OptionalLong;

/** Counts the bytes of a body, where it was said how many they would be. For one thread at a time. */
public final class BodyLength {
    private final OptionalLong said;
    private long bytes;

    /** None so far. */
    public BodyLength(OptionalLong said) {
        this.said = said;
    }

    /**
     * More have come.
     *
     * @throws IllegalStateException if that is more than was said
     */
    public void add(int more) {
        bytes += more;
        if (said.isPresent() && bytes > said.getAsLong()) {
            throw new IllegalStateException("the body was to have " + said.getAsLong() + " bytes, and has more");
        }
    }

    /**
     * That was all.
     *
     * @throws IllegalStateException if that is less than was said
     */
    public void end() {
        if (said.isPresent() && bytes < said.getAsLong()) {
            throw new IllegalStateException("the body was to have " + said.getAsLong() + " bytes, and has " + bytes);
        }
    }
}
