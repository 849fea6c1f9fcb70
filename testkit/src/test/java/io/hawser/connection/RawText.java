// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Collects raw frames as texts. */
final class RawText implements FrameSink {
    private final Collection<String> texts;
    private final StringBuilder text = new StringBuilder();

    RawText(Collection<String> texts) {
        this.texts = texts;
    }

    @Override
    public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
        text.setLength(0);
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        text.append(StandardCharsets.UTF_8.decode(chunk));
    }

    @Override
    public void onFrameEnd() {
        texts.add(text.toString());
    }
}
