// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.frame.FrameParser;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages that an engine sent as they stand on the wire, their fragments joined and control frames left out. */
public final class SentMessages implements MaskedFrameSink {
    /** A message. */
    public static final class Sent {
        private final boolean compressed;
        private final byte[] payload;

        private Sent(boolean compressed, byte[] payload) {
            this.compressed = compressed;
            this.payload = payload;
        }

        public boolean compressed() {
            return compressed;
        }

        /** As it stands on the wire. */
        public byte[] payload() {
            return payload;
        }
    }

    private final List<Sent> messages = new ArrayList<>();
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private boolean inControlFrame;
    private boolean compressed;
    private boolean fin;

    private SentMessages() {}

    /** The messages; the last may have been cut, and is left out. */
    public static List<Sent> read(Role sender, byte[] bytes) {
        SentMessages reader = new SentMessages();
        Demand all = new Demand();
        all.add(Long.MAX_VALUE);
        new FrameParser(sender == Role.SERVER ? Role.CLIENT : Role.SERVER, reader, all).parse(ByteBuffer.wrap(bytes.clone()));
        return reader.messages;
    }

    @Override
    public void onFrame(Opcode opcode, boolean frameFin, int rsv, long length) {
        inControlFrame = opcode.isControl();
        if (!inControlFrame) {
            fin = frameFin;
            if (opcode != Opcode.CONTINUATION) {
                compressed = rsv == 4;
                payload.reset();
            } else if (rsv != 0) {
                throw new AssertionError("reserved bits on a continuation");
            }
        }
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        if (!inControlFrame) {
            payload.writeBytes(bytes);
        }
    }

    @Override
    public void onFrameEnd() {
        if (!inControlFrame && fin) {
            messages.add(new Sent(compressed, payload.toByteArray()));
        }
    }
}
