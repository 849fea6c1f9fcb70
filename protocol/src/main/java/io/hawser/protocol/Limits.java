// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

/**
 * What one connection may ask of its receiver. Immutable; start from {@link #DEFAULT} and change what differs.
 *
 * @param frameBytes largest payload of one data frame as it stands on the wire, in bytes; 0 or more; default unlimited,
 *     since the message's limit bounds it. Past it: 1009 at the header
 * @param messageBytes largest message, in bytes after inflation; 0 or more; default 1 MiB. Past it: 1009, at the header
 *     that announces too much
 * @param fragments how many frames a message may have, however small; 1 or more; default 4,096. Past it: 1008
 * @param bytesPerExtraFragment for each so many payload bytes of a message one more fragment is allowed; 1 or more;
 *     default 64
 * @param controlFramesPerSecond how many pings and unasked pongs are taken in any one second; 1 or more; default 200. Past
 *     it: 1008
 */
public record Limits(
        long frameBytes, long messageBytes, int fragments, int bytesPerExtraFragment, int controlFramesPerSecond) {
    /** The defaults. */
    public static final Limits DEFAULT = new Limits(Long.MAX_VALUE, 1 << 20, 4096, 64, 200);

    /** Checks the ranges above. */
    public Limits {
        require(frameBytes >= 0, "frameBytes", frameBytes);
        require(messageBytes >= 0, "messageBytes", messageBytes);
        require(fragments >= 1, "fragments", fragments);
        require(bytesPerExtraFragment >= 1, "bytesPerExtraFragment", bytesPerExtraFragment);
        require(controlFramesPerSecond >= 1, "controlFramesPerSecond", controlFramesPerSecond);
    }

    /** These limits with another frame limit, in bytes. */
    public Limits withFrameBytes(long bytes) {
        return new Limits(bytes, messageBytes, fragments, bytesPerExtraFragment, controlFramesPerSecond);
    }

    /** These limits with another message limit, in bytes after inflation. */
    public Limits withMessageBytes(long bytes) {
        return new Limits(frameBytes, bytes, fragments, bytesPerExtraFragment, controlFramesPerSecond);
    }

    /** These limits with another bound on the frames of a message. */
    public Limits withFragments(int count) {
        return new Limits(frameBytes, messageBytes, count, bytesPerExtraFragment, controlFramesPerSecond);
    }

    /** These limits with another bound on control frames in any second. */
    public Limits withControlFramesPerSecond(int count) {
        return new Limits(frameBytes, messageBytes, fragments, bytesPerExtraFragment, count);
    }

    private static void require(boolean fits, String name, long value) {
        if (!fits) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
