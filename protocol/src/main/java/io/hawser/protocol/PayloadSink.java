// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

/** Takes whole payloads: messages whose fragments were joined, or fragments one by one. */
@FunctionalInterface
public interface PayloadSink {
    /**
     * A payload is complete. Called on the thread that drives the engine.
     *
     * @param opcode {@link Opcode#TEXT} or {@link Opcode#BINARY}; for a later fragment {@link Opcode#CONTINUATION}
     * @param fin whether the message ends with it; always true for joined fragments
     * @param payload handed over to the sink; of a whole text it is valid UTF-8
     */
    void onData(Opcode opcode, boolean fin, byte[] payload);
}
