// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.protocol.Limits;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.testing.RecordingSink;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("L1")
class SizeLimitsTest {
    private final RecordingSink sink = new RecordingSink();

    @Test
    @Tag("hostile-22")
    void takeTheLimitExactlyAndNotOneByteMore() {
        SizeLimits limits = limits(Limits.DEFAULT.withMessageBytes(10));
        limits.onFrame(Opcode.BINARY, true, 0, 10);
        limits.onPayload(ByteBuffer.wrap(hex("61")));
        limits.onFrameEnd();
        assertThat(sink.told()).containsExactly("BINARY fin rsv 0 of 10", "61", "end");
        refuse(limits, Opcode.BINARY, 11, 1009, "a message of more than 10 bytes");
    }

    @Test
    void refuseAFrameAtItsHeader() {
        SizeLimits limits = limits(Limits.DEFAULT.withFrameBytes(10));
        refuse(limits, Opcode.TEXT, 11, 1009, "a frame of 11 bytes, at most 10 are taken");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, Long.MAX_VALUE})
    @Tag("hostile-21")
    void refuseHugeLengthsAtTheHeader(long length) {
        refuse(limits(Limits.DEFAULT), Opcode.TEXT, length, 1009, "a message of more than 1048576 bytes");
    }

    @Test
    void addFragmentsUp() {
        SizeLimits limits = limits(Limits.DEFAULT.withMessageBytes(10));
        limits.onFrame(Opcode.BINARY, false, 0, 6);
        limits.onFrame(Opcode.PING, true, 0, 100);
        limits.onFrame(Opcode.CONTINUATION, false, 0, 4);
        refuse(limits, Opcode.CONTINUATION, 1, 1009, "a message of more than 10 bytes");
    }

    @Test
    @Tag("hostile-21")
    void addFragmentsUpWithoutOverflow() {
        SizeLimits limits = limits(Limits.DEFAULT.withMessageBytes(Long.MAX_VALUE));
        limits.onFrame(Opcode.BINARY, false, 0, Long.MAX_VALUE);
        limits.onFrame(Opcode.CONTINUATION, false, 0, 0);
        refuse(limits, Opcode.CONTINUATION, 1, 1009, "a message of more than 9223372036854775807 bytes");
    }

    @Test
    void beginAnewWithEachMessage() {
        SizeLimits limits = limits(Limits.DEFAULT.withMessageBytes(10).withFragments(2));
        for (int i = 0; i < 5; i++) {
            limits.onFrame(Opcode.BINARY, false, 0, 5);
            limits.onFrame(Opcode.CONTINUATION, true, 0, 5);
        }
        assertThat(sink.told()).hasSize(10);
    }

    @Test
    @Tag("hostile-32")
    void refuseOneEmptyFragmentTooMany() {
        SizeLimits limits = limits(Limits.DEFAULT);
        limits.onFrame(Opcode.BINARY, false, 0, 0);
        for (int i = 1; i < 4096; i++) {
            limits.onFrame(Opcode.CONTINUATION, false, 0, 0);
        }
        refuse(limits, Opcode.CONTINUATION, 0, 1008, "a message of more than 4096 fragments");
    }

    @Test
    @Tag("hostile-29")
    void allowOneMoreFragmentForEach64BytesReceived() {
        SizeLimits limits = limits(Limits.DEFAULT.withFragments(2));
        limits.onFrame(Opcode.BINARY, false, 0, 63);
        limits.onFrame(Opcode.CONTINUATION, false, 0, 1);
        limits.onFrame(Opcode.CONTINUATION, false, 0, 128);
        limits.onFrame(Opcode.CONTINUATION, false, 0, 0);
        limits.onFrame(Opcode.CONTINUATION, false, 0, 0);
        refuse(limits, Opcode.CONTINUATION, 0, 1008, "a message of more than 5 fragments");
    }

    private SizeLimits limits(Limits limits) {
        return new SizeLimits(limits, sink);
    }

    private static void refuse(SizeLimits limits, Opcode opcode, long length, int code, String what) {
        ProtocolViolation fault =
                catchThrowableOfType(ProtocolViolation.class, () -> limits.onFrame(opcode, false, 0, length));
        assertThat(fault).hasMessage(what);
        assertThat(fault.status().code()).isEqualTo(code);
    }
}
