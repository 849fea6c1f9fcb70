// SPDX-License-Identifier: Apache-2.0

package io.hawser;

/**
 * In which form messages reach a handler, and how large they may be. The form is decided by the policy alone, never by how the
 * network cut the bytes.
 */
public final class MessagePolicy {
    private static final long MAX_STRICT_BYTES = Integer.MAX_VALUE - 8L;
    private static final long DEFAULT_BYTES = 1 << 20;

    private final long maxBytes;

    private MessagePolicy(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whole messages of up to 1 MiB; what holds where nothing else is said. */
    public static MessagePolicy strict() {
        return strict(DEFAULT_BYTES);
    }

    /**
     * Whole messages.
     *
     * @param maxBytes the largest, in bytes after inflation; 0 to 2,147,483,639. A longer one is refused with 1009 as soon as that is
     *     known
     * @throws IllegalArgumentException if {@code maxBytes} is outside that range
     */
    public static MessagePolicy strict(long maxBytes) {
        if (maxBytes < 0 || maxBytes > MAX_STRICT_BYTES) {
            throw new IllegalArgumentException("maxBytes must be 0 to " + MAX_STRICT_BYTES + ", not " + maxBytes);
        }
        return new MessagePolicy(maxBytes);
    }

    /** The largest message, in bytes after inflation. */
    public long maxBytes() {
        return maxBytes;
    }
}
