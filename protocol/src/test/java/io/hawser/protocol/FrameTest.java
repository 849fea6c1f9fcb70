// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("F1")
class FrameTest {
    @Test
    void showsItsParts() {
        Frame frame = Frame.of(Opcode.BINARY, false, ByteBuffer.wrap(hex("01 02"))).withRsv(4).withMaskingKey(7);
        assertThat(frame.opcode()).isEqualTo(Opcode.BINARY);
        assertThat(frame.fin()).isFalse();
        assertThat(frame.rsv()).isEqualTo(4);
        assertThat(frame.maskingKey()).isEqualTo(OptionalInt.of(7));
        assertThat(frame.length()).isEqualTo(2);
        assertThat(frame.payload()).isEqualTo(ByteBuffer.wrap(hex("01 02")));
        assertThat(Frame.text("Hi \u20ac").text()).isEqualTo("Hi \u20ac");
        assertThat(Frame.of(Opcode.TEXT, false, ByteBuffer.wrap(hex("e2 82"))).text()).isEqualTo("\ufffd");
    }

    @Test
    void cannotBeChanged() {
        byte[] bytes = hex("01 02");
        List<Frame> frames = List.of(
                Frame.binary(bytes), Frame.ping(bytes), Frame.pong(bytes),
                Frame.of(Opcode.BINARY, true, ByteBuffer.wrap(bytes)));
        bytes[0] = 9;
        assertThat(frames).allSatisfy(frame -> assertThat(frame.payload().get(0)).isEqualTo((byte) 1));
        assertThat(Frame.binary(bytes).payload().isReadOnly()).isTrue();
    }

    @Test
    void leavesTheBufferThatItCopies() {
        ByteBuffer buffer = ByteBuffer.wrap(hex("01 02 03 04")).position(1).limit(3);
        assertThat(Frame.of(Opcode.BINARY, true, buffer)).isEqualTo(Frame.binary(hex("02 03")));
        assertThat(buffer.position()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"PING", "PONG", "CLOSE"})
    @Tag("F5")
    void refusesControlFramesThatAreLongOrFragments(Opcode opcode) {
        assertThat(Frame.wrap(opcode, true, new byte[125]).length()).isEqualTo(125);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Frame.wrap(opcode, true, new byte[126]))
                .withMessageContaining("126 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Frame.wrap(opcode, false, new byte[0]))
                .withMessageContaining("fragments");
    }

    @Test
    void refusesReservedBitsBeyondThree() {
        assertThatIllegalArgumentException().isThrownBy(() -> Frame.text("").withRsv(8)).withMessageContaining("8");
        assertThatIllegalArgumentException().isThrownBy(() -> Frame.text("").withRsv(-1)).withMessageContaining("-1");
    }

    @Test
    @Tag("hostile-39")
    void refusesACloseThatIsNeverSent() {
        assertThat(Frame.close(CloseStatus.of(1000, "x"))).isEqualTo(Frame.wrap(Opcode.CLOSE, true, hex("03 e8 78")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Frame.close(CloseStatus.of(1006)))
                .withMessageContaining("1006");
    }

    @Test
    @Tag("hostile-28")
    void refusesTextWithAnUnpairedSurrogate() {
        assertThatIllegalArgumentException().isThrownBy(() -> Frame.text("a\udc00"));
    }

    @Test
    void isEqualToAFrameWithTheSameParts() {
        Frame frame = Frame.text("a");
        assertThat(frame).isEqualTo(Frame.text("a")).hasSameHashCodeAs(Frame.text("a"));
        assertThat(List.of(
                        Frame.binary(hex("61")),
                        Frame.of(Opcode.TEXT, false, frame.payload()),
                        frame.withRsv(1),
                        frame.withMaskingKey(0),
                        Frame.text("b")))
                .doesNotContain(frame);
        assertThat(frame).isNotEqualTo("a");
    }

    @Test
    @Tag("F9")
    void losesItsMaskingKeyWhereItIsToHaveAFreshOne() {
        Frame frame = Frame.text("a");
        assertThat(frame.withMaskingKey(7).maskingKey()).hasValue(7);
        assertThat(frame.withMaskingKey(7).withoutMaskingKey()).isEqualTo(frame);
        assertThat(frame.withoutMaskingKey()).isSameAs(frame);
    }

    @Test
    void readsAsWhatItIs() {
        assertThat(Frame.text("abc")).hasToString("TEXT, 3 bytes");
        assertThat(Frame.wrap(Opcode.BINARY, false, new byte[0]).withRsv(4))
                .hasToString("BINARY (more follows) rsv 4, 0 bytes");
    }
}
