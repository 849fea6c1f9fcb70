// SPDX-License-Identifier: Apache-2.0

package io.hawser;

/**
 * In which form messages reach a handler, and how large they may be. The form is decided by the policy alone, never by how the
 * network cut the bytes.
 */
public final class MessagePolicy {
    private static final long MAX_STRICT_BYTES = Integer.MAX_VALUE - 8L;
    private static final long DEFAULT_BYTES = 1 << 20;
    private static final long NONE = -1;

    private final long strictBytes;
    private final long maxBytes;

    private MessagePolicy(long strictBytes, long maxBytes) {
        this.strictBytes = strictBytes;
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
        return new MessagePolicy(requireArray(maxBytes, "maxBytes"), maxBytes);
    }

    /**
     * Messages of up to so many bytes whole, longer ones streamed from their first byte on.
     *
     * @param bytes the largest that comes whole, in bytes after inflation; 0 to 2,147,483,639
     * @param maxBytes the largest of all; {@code bytes} or more, {@link Long#MAX_VALUE} for no limit. A longer one is refused with
     *     1009 as soon as that is known
     * @throws IllegalArgumentException if a number is outside its range
     */
    public static MessagePolicy strictUpTo(long bytes, long maxBytes) {
        requireArray(bytes, "bytes");
        if (maxBytes < bytes) {
            throw new IllegalArgumentException("maxBytes must be " + bytes + " or more, not " + maxBytes);
        }
        return new MessagePolicy(bytes, maxBytes);
    }

    /** Streamed messages of any length: a handler gets each as it begins, and may answer before it has ended. */
    public static MessagePolicy streamed() {
        return streamed(Long.MAX_VALUE);
    }

    /**
     * Streamed messages: a handler gets each as it begins, and may answer before it has ended.
     *
     * @param maxBytes the largest, in bytes after inflation; 0 or more. A longer one is refused with 1009 as soon as that is known
     * @throws IllegalArgumentException if {@code maxBytes} is negative
     */
    public static MessagePolicy streamed(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes must be 0 or more, not " + maxBytes);
        }
        return new MessagePolicy(NONE, maxBytes);
    }

    private static long requireArray(long bytes, String name) {
        if (bytes < 0 || bytes > MAX_STRICT_BYTES) {
            throw new IllegalArgumentException(name + " must be 0 to " + MAX_STRICT_BYTES + ", not " + bytes);
        }
        return bytes;
    }

    /** The largest message that comes whole, in bytes after inflation; -1 if none does. */
    public long strictBytes() {
        return strictBytes;
    }

    /** The largest message, in bytes after inflation. */
    public long maxBytes() {
        return maxBytes;
    }
}
