// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.SendCallback;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A data frame that waits, or of which a part is encoded. */
final class DataFrame {
    Opcode opcode;
    final boolean fin;
    int rsv;
    final OptionalInt maskingKey;
    final ByteBuffer payload;
    final @Nullable SendCallback callback;
    /** Index of the first byte that is not encoded yet. */
    int offset;
    /** Whether it is a whole message that is deflated already, or is not to be. */
    boolean isAsItIs;
    /** Whether it leaves deflated. */
    boolean deflated;
    /** Whether a header was encoded and some of its payload was not. */
    boolean inFrame;
    int key;

    DataFrame(
            Opcode opcode,
            boolean fin,
            int rsv,
            OptionalInt maskingKey,
            ByteBuffer payload,
            @Nullable SendCallback callback) {
        this.opcode = opcode;
        this.fin = fin;
        this.rsv = rsv;
        this.maskingKey = maskingKey;
        this.payload = payload;
        this.offset = payload.position();
        this.callback = callback;
    }
}
