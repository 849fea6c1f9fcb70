// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

/** Takes whole control frames, whose payload of at most 125 bytes is handed over. */
public interface ControlSink {
    /** A ping. */
    void onPing(byte[] payload);

    /** A pong. */
    void onPong(byte[] payload);

    /** A close frame, not yet looked into. */
    void onClose(byte[] payload);
}
