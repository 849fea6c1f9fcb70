// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.FrameSink;
import io.hawser.protocol.PayloadSink;

/** In which pieces an engine delivers data, and to whom. A piece is also the unit of demand. */
public sealed interface Delivery {
    /** Whole messages, their fragments joined. */
    record Messages(PayloadSink sink) implements Delivery {}

    /** Whole frames, fragments one by one. */
    record Fragments(PayloadSink sink) implements Delivery {}

    /**
     * Frames of any length in borrowed chunks; each frame's payload takes one piece of demand for a chunk, so the sink sees as
     * many chunks as were requested.
     */
    record Chunks(FrameSink sink) implements Delivery {}
}
