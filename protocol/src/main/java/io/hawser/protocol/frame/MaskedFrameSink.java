// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import io.hawser.protocol.FrameSink;
import java.nio.ByteBuffer;

/**
 * A sink that is offered payload as it came, still masked: one that copies it anyway unmasks in the same pass. The others need
 * not know about it.
 */
public interface MaskedFrameSink extends FrameSink {
    /**
     * Some payload of the frame under way, as {@link #onPayload} gets it, but masked. What is left of it is unmasked by then, and
     * comes by {@code onPayload}.
     *
     * @param chunk borrowed until this call returns; may be unmasked in place
     * @param key the masking key, rotated to the phase of the first byte; 0 if the chunk is not masked
     */
    default void onMasked(ByteBuffer chunk, int key) {
        Masking.apply(chunk, chunk.position(), chunk.limit(), key);
        onPayload(chunk);
    }
}
