// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.testing.EveryCut;
import io.hawser.protocol.testing.RecordingSink;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M5")
class TextCheckTest {
    private static final String EURO_SMILE = "e2 82 ac f0 9f 98 80";
    private final RecordingSink sink = new RecordingSink();
    private final TextCheck check = new TextCheck(sink);

    @Test
    @Tag("hostile-26")
    void passesCodePointsThatAreCutByChunksAndFrames() {
        EveryCut.of(hex(EURO_SMILE), cut -> {
            RecordingSink frames = new RecordingSink();
            TextCheck fragments = new TextCheck(frames);
            Opcode opcode = Opcode.TEXT;
            for (ByteBuffer chunk : cut) {
                fragments.onFrame(opcode, false, 0, chunk.remaining());
                fragments.onPayload(chunk);
                fragments.onFrameEnd();
                fragments.onFrame(Opcode.PING, true, 0, 1);
                fragments.onPayload(ByteBuffer.wrap(hex("ff")));
                fragments.onFrameEnd();
                opcode = Opcode.CONTINUATION;
            }
            fragments.onFrame(opcode, true, 0, 0);
            fragments.onFrameEnd();
            assertThat(frames.told()).endsWith("CONTINUATION fin rsv 0 of 0", "end");
        });
    }

    @Test
    @Tag("hostile-25")
    void refusesTheOffendingByteBeforeTheMessageEnds() {
        check.onFrame(Opcode.TEXT, false, 0, 100);
        check.onPayload(ByteBuffer.wrap(hex("61 ed")));
        refuses(() -> check.onPayload(ByteBuffer.wrap(hex("a0"))),
                "text is not UTF-8: byte 0xA0 cannot stand where it does");
        assertThat(sink.told()).containsExactly("TEXT more rsv 0 of 100", "61 ed");
    }

    @Test
    @Tag("hostile-26")
    void refusesATextThatEndsInsideACodePoint() {
        check.onFrame(Opcode.TEXT, false, 0, 1);
        check.onPayload(ByteBuffer.wrap(hex("e2")));
        check.onFrameEnd();
        check.onFrame(Opcode.CONTINUATION, true, 0, 1);
        check.onPayload(ByteBuffer.wrap(hex("82")));
        refuses(check::onFrameEnd, "text ends inside a code point");
    }

    @Test
    void looksAtTextOnly() {
        check.onFrame(Opcode.BINARY, false, 0, 1);
        check.onPayload(ByteBuffer.wrap(hex("ff")));
        check.onFrameEnd();
        check.onFrame(Opcode.CONTINUATION, true, 0, 1);
        check.onPayload(ByteBuffer.wrap(hex("e2")));
        check.onFrameEnd();
        check.onFrame(Opcode.TEXT, true, 0, 1);
        check.onPayload(ByteBuffer.wrap(hex("61")));
        check.onFrameEnd();
        assertThat(sink.told()).endsWith("TEXT fin rsv 0 of 1", "61", "end");
    }

    @Test
    void readsOnlyOnceWhatTheNextOneLeft() {
        sink.taking(remaining -> Math.min(1, remaining));
        check.onFrame(Opcode.TEXT, true, 0, 7);
        ByteBuffer chunk = ByteBuffer.wrap(hex(EURO_SMILE)).limit(2);
        check.onPayload(chunk); // the second byte is left, though it was read
        chunk.limit(7);
        while (chunk.hasRemaining()) {
            check.onPayload(chunk);
        }
        check.onFrameEnd();
        assertThat(sink.told()).containsExactly("TEXT fin rsv 0 of 7", EURO_SMILE, "end");
    }

    private static void refuses(Runnable action, String what) {
        ProtocolViolation fault = catchThrowableOfType(ProtocolViolation.class, action::run);
        assertThat(fault).hasMessage(what);
        assertThat(fault.section()).isEqualTo("8.1");
        assertThat(fault.status().code()).isEqualTo(1007);
    }
}
