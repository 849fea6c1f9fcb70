// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

/**
 * How many more pieces of data a handler takes: messages, frames or chunks, as it chose. The parser stops before data while
 * there is none; control frames need none. Confined to the thread that drives the engine.
 */
public final class Demand {
    private long left;

    /** A demand of nothing yet. */
    public Demand() {}

    /**
     * Adds to the demand; it saturates at {@link Long#MAX_VALUE}, which is never used up.
     *
     * @throws IllegalArgumentException if {@code pieces} is less than 1
     */
    public void add(long pieces) {
        if (pieces < 1) {
            throw new IllegalArgumentException("demand must be positive, not " + pieces);
        }
        long sum = left + pieces;
        left = sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Whether a piece of data may be delivered. */
    public boolean isOpen() {
        return left > 0;
    }

    /** Notes that a piece was delivered. */
    public void take() {
        if (left != Long.MAX_VALUE) {
            left--;
        }
    }
}
