// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.testing.RecordingSink;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameRulesTest {
    private final RecordingSink sink = new RecordingSink();
    private final FrameRules rules = new FrameRules(0, sink);

    @Test
    void passFragmentsInSequenceWithControlFramesBetween() {
        rules.onFrame(Opcode.TEXT, false, 0, 1);
        rules.onPayload(ByteBuffer.wrap(hex("61")));
        rules.onFrameEnd();
        rules.onFrame(Opcode.PING, true, 0, 125);
        rules.onFrame(Opcode.CONTINUATION, false, 0, 0);
        rules.onFrame(Opcode.CLOSE, true, 0, 0);
        rules.onFrame(Opcode.CONTINUATION, true, 0, 0);
        rules.onFrame(Opcode.BINARY, true, 0, 126);
        assertThat(sink.told()).containsExactly(
                "TEXT more rsv 0 of 1", "61", "end", "PING fin rsv 0 of 125", "CONTINUATION more rsv 0 of 0",
                "CLOSE fin rsv 0 of 0", "CONTINUATION fin rsv 0 of 0", "BINARY fin rsv 0 of 126");
    }

    @Test
    @Tag("F4")
    @Tag("hostile-18")
    void refuseReservedBitsThatNoExtensionClaims() {
        for (int rsv = 1; rsv < 8; rsv++) {
            int bits = rsv;
            refuse(() -> rules.onFrame(Opcode.TEXT, true, bits, 0),
                    "5.2", "reserved bits are set that no extension claims");
        }
        FrameRules claimed = new FrameRules(4, sink);
        claimed.onFrame(Opcode.TEXT, true, 4, 0);
        refuse(() -> claimed.onFrame(Opcode.TEXT, true, 5, 0), "5.2", "reserved bits are set that no extension claims");
    }

    @ParameterizedTest
    @EnumSource(names = {"PING", "PONG", "CLOSE"})
    @Tag("F5")
    @Tag("hostile-34")
    void refuseControlFramesThatAreLongOrFragmented(Opcode opcode) {
        refuse(() -> rules.onFrame(opcode, false, 0, 0), "5.5", "a " + opcode + " frame is fragmented");
        refuse(() -> rules.onFrame(opcode, true, 0, 126), "5.5", "a " + opcode + " frame has 126 bytes, more than 125");
    }

    @Test
    @Tag("F7")
    @Tag("hostile-33")
    void refuseAContinuationWithoutAStart() {
        refuse(() -> rules.onFrame(Opcode.CONTINUATION, true, 0, 0),
                "5.4", "a continuation without a message to continue");
        rules.onFrame(Opcode.TEXT, true, 0, 0);
        refuse(() -> rules.onFrame(Opcode.CONTINUATION, false, 0, 0),
                "5.4", "a continuation without a message to continue");
    }

    @ParameterizedTest
    @EnumSource(names = {"TEXT", "BINARY"})
    @Tag("F7")
    @Tag("hostile-33")
    void refuseANewMessageInsideAFragmentedOne(Opcode opcode) {
        rules.onFrame(Opcode.TEXT, false, 0, 0);
        refuse(() -> rules.onFrame(opcode, true, 0, 0), "5.4", "a new message inside a fragmented one");
    }

    private static void refuse(Runnable frame, String section, String what) {
        ProtocolViolation fault = catchThrowableOfType(ProtocolViolation.class, frame::run);
        assertThat(fault).hasMessage(what);
        assertThat(fault.section()).isEqualTo(section);
        assertThat(fault.status().code()).isEqualTo(1002);
    }
}
