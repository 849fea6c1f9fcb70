// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;

/** In which pieces an engine delivers data, and to whom. A piece is also the unit of demand. */
public sealed interface Delivery {
    /** Whole messages, their fragments joined. */
    record Messages(Payloads sink) implements Delivery {}

    /** Whole frames, fragments one by one. */
    record Fragments(Payloads sink) implements Delivery {}

    /**
     * Frames of any length in borrowed chunks; each frame's payload takes one piece of demand for a chunk, so the sink sees as
     * many chunks as were requested.
     */
    record Chunks(FrameSink sink) implements Delivery {}

    /** Takes whole payloads: messages whose fragments were joined, or fragments one by one. */
    @FunctionalInterface
    interface Payloads {
        /**
         * A payload is complete. Called on the thread that drives the engine.
         *
         * @param opcode {@link Opcode#TEXT} or {@link Opcode#BINARY}; for a later fragment {@link Opcode#CONTINUATION}
         * @param fin whether the message ends with it; always true for joined fragments
         * @param payload handed over to the sink; of a whole text it is valid UTF-8
         */
        void onData(Opcode opcode, boolean fin, byte[] payload);
    }
}
