// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import java.nio.ByteBuffer;

/**
 * Takes the frames of one direction in parts: head, payload as it arrives, end. A chunk is not a frame, so a frame of any
 * length passes without being held. Called on the thread that drives the engine.
 *
 * <p>For every frame: {@code onFrame}, any number of {@code onPayload} whose lengths add up to the frame's, {@code
 * onFrameEnd}. Any of them may throw {@link ProtocolViolation}, which fails the connection.
 */
public interface FrameSink {
    /**
     * A frame begins.
     *
     * @param opcode what it carries
     * @param fin whether it is the last of its message
     * @param rsv the reserved bits, RSV1 as 4, RSV2 as 2, RSV3 as 1
     * @param length its payload in bytes, or -1 if that is not known yet
     */
    void onFrame(Opcode opcode, boolean fin, int rsv, long length);

    /**
     * Some payload of the frame under way, unmasked.
     *
     * @param chunk borrowed until this call returns: copy to keep. What is consumed is taken by advancing the position; what
     *     is left is offered again when there is demand
     */
    void onPayload(ByteBuffer chunk);

    /** The frame is complete. */
    void onFrameEnd();
}
