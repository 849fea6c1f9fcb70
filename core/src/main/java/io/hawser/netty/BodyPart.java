// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

/** A part of a body while it is written. Confined to the channel's loop. */
interface BodyPart {
    /**
     * Writes what there is, while the channel takes it.
     *
     * @return whether that was all; if not, this is called again when the channel takes more, and the part asks for it when there is more
     */
    boolean goOn();

    /** The rest is not wanted; at most once. */
    void cancel();
}
