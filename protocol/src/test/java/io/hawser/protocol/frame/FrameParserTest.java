// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.message.PayloadAssembler;
import io.hawser.protocol.testing.BufferKind;
import io.hawser.protocol.testing.EveryCut;
import io.hawser.protocol.testing.RecordingSink;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameParserTest {
    private static final String MASKED_HELLO = "81 85 37 fa 21 3d 7f 9f 4d 51 58";
    private final Demand demand = new Demand();
    private final RecordingSink sink = new RecordingSink();

    @Test
    @Tag("F1")
    void tellsTheKeyOfTheFrameAtHand() {
        List<OptionalInt> keys = new ArrayList<>();
        FrameParser[] parser = new FrameParser[1];
        PayloadAssembler sink = new PayloadAssembler(false, Integer.MAX_VALUE, unbounded(), (opcode, fin, payload) -> keys.add(parser[0].maskingKey()));
        parser[0] = new FrameParser(Role.SERVER, sink, unbounded());
        parser[0].parse(ByteBuffer.wrap(hex("82 83 01 02 03 04 61 62 63 82 80 0a 0b 0c 0d")));
        assertThat(keys).containsExactly(OptionalInt.of(0x01020304), OptionalInt.of(0x0A0B0C0D));
        parser[0] = new FrameParser(Role.CLIENT, sink, unbounded());
        parser[0].parse(ByteBuffer.wrap(hex("82 00")));
        assertThat(keys.get(2)).isEmpty();
    }

    @Test
    void readsTheExamplesOfTheRfc() {
        reads(Role.CLIENT, "81 05 48 65 6c 6c 6f", "TEXT fin rsv 0 of 5", "48 65 6c 6c 6f", "end");
        reads(Role.SERVER, MASKED_HELLO, "TEXT fin rsv 0 of 5", "48 65 6c 6c 6f", "end");
        reads(Role.CLIENT, "01 03 48 65 6c 80 02 6c 6f",
                "TEXT more rsv 0 of 3", "48 65 6c", "end", "CONTINUATION fin rsv 0 of 2", "6c 6f", "end");
        reads(Role.CLIENT, "89 05 48 65 6c 6c 6f", "PING fin rsv 0 of 5", "48 65 6c 6c 6f", "end");
        reads(Role.SERVER, "8a 85 37 fa 21 3d 7f 9f 4d 51 58", "PONG fin rsv 0 of 5", "48 65 6c 6c 6f", "end");
    }

    @Test
    @Tag("hostile-24")
    void readsEmptyFrames() {
        reads(Role.SERVER, "82 80 00 00 00 00 02 80 01 02 03 04 f8 80 ff ff ff ff",
                "BINARY fin rsv 0 of 0", "end", "BINARY more rsv 0 of 0", "end", "CLOSE fin rsv 7 of 0", "end");
    }

    @ParameterizedTest
    @CsvSource({"126", "127", "65535", "65536", "70001"})
    @Tag("F2")
    void readsLengthsOfEachForm(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 7);
        }
        for (Role role : Role.values()) {
            byte[] stream = Wire.to(role, 0x82, payload);
            int[] cuts = {stream.length, 1, 2, 3, 5, 9, 13, 14, 4096};
            for (int cut : cuts) {
                Joining joined = new Joining();
                FrameParser parser = new FrameParser(role, joined, unbounded());
                for (int at = 0; at < stream.length; at += cut) {
                    parser.parse(BufferKind.DIRECT.of(stream, at, Math.min(stream.length, at + cut)));
                }
                assertThat(joined.frames).hasSize(1);
                assertThat(joined.frames.get(0)).isEqualTo(payload);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2147483648, 82 7f 00 00 00 00 80 00 00 00", "9223372036854775807, 82 7f 7f ff ff ff ff ff ff ff"})
    @Tag("F2")
    @Tag("hostile-21")
    void passesThePartsOfAFrameThatNoMemoryCouldHold(long length, String header) {
        EveryCut.of(hex(header + " 01 02 03"), cut -> {
            RecordingSink parts = new RecordingSink();
            FrameParser parser = new FrameParser(Role.CLIENT, parts, unbounded());
            cut.forEach(parser::parse);
            assertThat(parts.told()).containsExactly("BINARY fin rsv 0 of " + length, "01 02 03");
            assertThat(parser.isInsideFrame()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "82 7e 00 7d", // 125 in 16 bits
        "82 7e 00 00",
        "82 7f 00 00 00 00 00 00 ff ff", // 65,535 in 64 bits
        "82 7f 00 00 00 00 00 00 00 00"
    })
    @Tag("F3")
    @Tag("hostile-20")
    void refusesALengthThatIsNotInItsShortestForm(String bytes) {
        refuses(Role.CLIENT, bytes, "5.2", "a length is not in its shortest form");
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 7f 80 00 00 00 00 00 00 00", "82 7f ff ff ff ff ff ff ff ff"})
    @Tag("F3")
    @Tag("hostile-20")
    void refusesALengthWithItsTopBitSet(String bytes) {
        refuses(Role.CLIENT, bytes, "5.2", "a 64-bit length has its top bit set");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    @Tag("F6")
    @Tag("hostile-18")
    void refusesReservedOpcodes(int opcode) {
        refuses(Role.CLIENT, "%02x 00".formatted(opcode), "5.2", "reserved opcode " + opcode);
        refuses(Role.SERVER, "%02x 81 00 00 00 00 00".formatted(0x80 | opcode), "5.2", "reserved opcode " + opcode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"81 01 61", "81 00", "88 00", "89 7e 01 00"})
    @Tag("F8")
    @Tag("hostile-19")
    void refusesAClientsFrameWithoutAMask(String bytes) {
        refuses(Role.SERVER, bytes, "5.1", "a client's frame is not masked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"81 81 00 00 00 00 61", "81 80 01 02 03 04", "88 80 00 00 00 00"})
    @Tag("F8")
    @Tag("hostile-19")
    void refusesAServersFrameWithAMask(String bytes) {
        refuses(Role.CLIENT, bytes, "5.1", "a server's frame is masked");
    }

    @Test
    void stopsBeforeDataWithoutDemand() {
        EveryCut.of(hex(MASKED_HELLO), cut -> {
            RecordingSink parts = new RecordingSink();
            Demand later = new Demand();
            FrameParser parser = new FrameParser(Role.SERVER, parts, later);
            List<ByteBuffer> left = new ArrayList<>();
            for (ByteBuffer buffer : cut) {
                if (left.isEmpty()) {
                    parser.parse(buffer);
                }
                if (buffer.hasRemaining()) {
                    left.add(buffer);
                }
            }
            assertThat(parser.isHeldBack()).isTrue();
            assertThat(parts.told()).containsExactly("TEXT fin rsv 0 of 5");
            later.add(1);
            left.forEach(parser::parse);
            assertThat(parts.told()).endsWith("48 65 6c 6c 6f", "end");
            assertThat(parser.isHeldBack()).isFalse();
        });
    }

    @Test
    void readsControlFramesWithoutDemand() {
        ByteBuffer in = ByteBuffer.wrap(hex("89 01 61 8a 00 88 00 81 01 61 89 00"));
        FrameParser parser = new FrameParser(Role.CLIENT, sink, demand);
        parser.parse(in);
        assertThat(sink.told()).containsExactly(
                "PING fin rsv 0 of 1", "61", "end", "PONG fin rsv 0 of 0", "end", "CLOSE fin rsv 0 of 0", "end",
                "TEXT fin rsv 0 of 1");
        assertThat(in.remaining()).isEqualTo(3);
    }

    @Test
    @Tag("hostile-24")
    void holdsAnEmptyFrameBackUntilItIsOfferedNothing() {
        FrameParser parser = new FrameParser(Role.CLIENT, sink, demand);
        parser.parse(ByteBuffer.wrap(hex("81 00")));
        assertThat(parser.isHeldBack()).isTrue();
        parser.parse(ByteBuffer.allocate(0));
        assertThat(sink.told()).containsExactly("TEXT fin rsv 0 of 0");
        demand.add(1);
        parser.parse(ByteBuffer.allocate(0));
        assertThat(sink.told()).containsExactly("TEXT fin rsv 0 of 0", "end");
        assertThat(parser.isHeldBack()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void offersAgainWhatTheSinkLeft(BufferKind kind) {
        byte[] payload = new byte[200];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) i;
        }
        byte[] stream = Wire.join(Wire.to(Role.SERVER, 0x82, payload), Wire.to(Role.SERVER, 0x89, "p"));
        for (int taken = 0; taken < 17; taken++) {
            int most = taken;
            boolean[] first = {true};
            RecordingSink parts = new RecordingSink().taking(remaining -> {
                int take = first[0] && most == 0 ? 0 : Math.min(remaining, Math.max(1, most));
                first[0] = false;
                return take;
            });
            FrameParser parser = new FrameParser(Role.SERVER, parts, unbounded());
            ByteBuffer in = kind.of(stream);
            do {
                parser.parse(in);
                assertThat(parser.isHeldBack()).isEqualTo(in.hasRemaining());
            } while (in.hasRemaining());
            assertThat(parts.told()).containsExactly(
                    "BINARY fin rsv 0 of 200", hex(payload), "end", "PING fin rsv 0 of 1", "70", "end");
        }
    }

    @Test
    void unmasksOnlyOnceWhatIsOfferedAgainWithMore() {
        byte[] stream = hex(MASKED_HELLO);
        RecordingSink parts = new RecordingSink().taking(remaining -> Math.max(0, remaining - 2));
        FrameParser parser = new FrameParser(Role.SERVER, parts, unbounded());
        ByteBuffer in = ByteBuffer.wrap(stream).limit(9);
        parser.parse(in); // three bytes of payload, one taken
        in.limit(11);
        parser.parse(in); // four bytes, two of them unmasked; two taken
        parts.taking(remaining -> remaining);
        parser.parse(in);
        assertThat(parts.told()).containsExactly("TEXT fin rsv 0 of 5", "48 65 6c 6c 6f", "end");
    }

    @Test
    void leavesNothingOnceItIsStopped() {
        for (String when : List.of("TEXT fin rsv 0 of 5", "48 65 6c", "end")) {
            FrameParser[] parser = new FrameParser[1];
            Stopping stopping = new Stopping(when, () -> parser[0].stop());
            parser[0] = new FrameParser(Role.CLIENT, stopping, unbounded());
            ByteBuffer in = ByteBuffer.wrap(hex("81 05 48 65 6c 6c 6f 81 01 61"));
            parser[0].parse(in);
            assertThat(in.hasRemaining()).isFalse();
            assertThat(parser[0].isHeldBack()).isFalse();
            assertThat(stopping.told.getLast()).isEqualTo(when);
            parser[0].parse(in.flip());
            assertThat(stopping.told.getLast()).isEqualTo(when);
        }
    }

    @Test
    void restoresTheLimitWhenTheSinkThrows() {
        ByteBuffer in = ByteBuffer.wrap(hex("81 01 61 81 01 61"));
        FrameParser parser = new FrameParser(Role.CLIENT, new Stopping("61", () -> {
            throw new IllegalStateException("full");
        }), unbounded());
        assertThatThrownBy(() -> parser.parse(in)).hasMessage("full");
        assertThat(in.limit()).isEqualTo(6);
    }

    @Test
    @Tag("F11")
    void knowsWhetherTheBytesEndInsideAFrame() {
        byte[] stream = hex(MASKED_HELLO);
        for (int end = 0; end <= stream.length; end++) {
            FrameParser parser = new FrameParser(Role.SERVER, sink, unbounded());
            parser.parse(ByteBuffer.wrap(Arrays.copyOf(stream, end)));
            assertThat(parser.isInsideFrame()).isEqualTo(end > 0 && end < stream.length);
        }
    }

    private void reads(Role role, String bytes, String... expected) {
        EveryCut.of(hex(bytes), cut -> {
            RecordingSink parts = new RecordingSink();
            FrameParser parser = new FrameParser(role, parts, unbounded());
            cut.forEach(parser::parse);
            assertThat(parts.told()).containsExactly(expected);
            assertThat(parser.isInsideFrame()).isFalse();
            assertThat(cut).noneMatch(ByteBuffer::hasRemaining);
        });
    }

    private static void refuses(Role role, String bytes, String section, String what) {
        EveryCut.of(hex(bytes), cut -> {
            RecordingSink parts = new RecordingSink();
            FrameParser parser = new FrameParser(role, parts, unbounded());
            ProtocolViolation fault =
                    catchThrowableOfType(ProtocolViolation.class, () -> cut.forEach(parser::parse));
            assertThat(fault).hasMessage(what);
            assertThat(fault.section()).isEqualTo(section);
            assertThat(fault.status().code()).isEqualTo(1002);
            assertThat(parts.told()).isEmpty();
        });
    }

    private static Demand unbounded() {
        Demand all = new Demand();
        all.add(Long.MAX_VALUE);
        return all;
    }

    /** Takes three bytes of each chunk, and acts at an event. */
    private static final class Stopping implements MaskedFrameSink {
        private final String when;
        private final Runnable action;
        private final List<String> told = new ArrayList<>();

        Stopping(String when, Runnable action) {
            this.when = when;
            this.action = action;
        }

        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
            tell(opcode + (fin ? " fin" : " more") + " rsv " + rsv + " of " + length);
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            byte[] taken = new byte[when.equals("end") ? chunk.remaining() : Math.min(3, chunk.remaining())];
            chunk.get(taken);
            tell(hex(taken));
        }

        @Override
        public void onFrameEnd() {
            tell("end");
        }

        private void tell(String event) {
            told.add(event);
            if (event.equals(when)) {
                action.run();
            }
        }
    }

    private static final class Joining implements MaskedFrameSink {
        private final List<byte[]> frames = new ArrayList<>();
        private byte[] payload = {};
        private int size;

        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
            payload = new byte[(int) length];
            size = 0;
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            int arriving = chunk.remaining();
            chunk.get(payload, size, arriving);
            size += arriving;
        }

        @Override
        public void onFrameEnd() {
            frames.add(payload);
        }
    }
}
