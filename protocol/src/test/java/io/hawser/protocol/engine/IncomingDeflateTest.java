// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.binary;
import static io.hawser.protocol.testing.EngineProbe.closed;
import static io.hawser.protocol.testing.EngineProbe.text;
import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Limits;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.EveryCut;
import io.hawser.protocol.testing.ProbeHost;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine makes of compressed messages that come. */
@Tag("L3")
class IncomingDeflateTest {
    private static final int CHUNK = 16 << 10;

    private final Memory memory = new Memory(1 << 20);
    private final EngineSettings settings = Deflated.server(Deflated.ALL, memory);

    /** What a test leaves open is cut here; then nothing is held any more. */
    private final List<EngineProbe> probes = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        probes.forEach(probe -> probe.engine.abort("over", probe.now()));
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    private EngineProbe probe(EngineSettings with, Pieces pieces, FrameStage... stages) {
        EngineProbe probe = new EngineProbe(Role.SERVER, with, pieces, stages.length == 0 ? null : new ProbeHost(stages));
        probes.add(probe);
        return probe;
    }

    private EngineProbe server() {
        return probe(settings, Pieces.MESSAGES).requestAll();
    }

    private EngineSettings limited(long messageBytes) {
        return settings.withLimits(Limits.DEFAULT.withMessageBytes(messageBytes));
    }

    private static byte[] frame(int opcode, byte[] compressed) {
        return Deflated.frame(Role.SERVER, opcode, compressed);
    }

    private static byte[] to(int first, byte[] payload) {
        return Wire.to(Role.SERVER, first, payload);
    }

    private static byte[] numbers(int length) {
        byte[] numbers = new byte[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (byte) (i / 7 % 100);
        }
        return numbers;
    }

    // ---- which frames

    @ParameterizedTest
    @Tag("hostile-44")
    @ValueSource(ints = {Wire.PING, Wire.PONG, Wire.CLOSE, Wire.CONTINUATION})
    void refusesAMarkWhereNoneBelongs(int opcode) {
        EngineProbe server = server();
        server.receive(to(Deflated.RSV1 | Wire.TEXT, hex("f2 48 cd")), to(Wire.FIN | Deflated.RSV1 | opcode, hex("c9 c9 07 00")));
        assertThat(server.told()).containsExactly(closed(1002, true, false));
        assertThat(server.violation()).hasMessageContaining("RSV1 is set on a");
    }

    @ParameterizedTest
    @Tag("hostile-44")
    @ValueSource(ints = {0x20, 0x10, 0x60, 0x50, 0x70})
    void refusesTheOtherReservedBits(int bits) {
        EngineProbe server = server();
        server.receive(to(Wire.FIN | bits | Wire.TEXT, hex("f2 48 cd c9 c9 07 00")));
        assertThat(server.told()).containsExactly(closed(1002, true, false));
    }

    @ParameterizedTest
    @EnumSource
    void takesCompressedAndOtherMessagesInTurn(Pieces pieces) {
        byte[] frames = Wire.join(
                frame(Wire.TEXT, hex("f2 48 cd c9 c9 07 00")),
                to(Wire.FIN | Wire.TEXT, Wire.utf8("plain")),
                frame(Wire.TEXT, hex("f2 00 11 00 00")),
                to(Wire.FIN | Wire.BINARY, hex("f2 48")),
                to(Wire.FIN | Wire.PING, hex("01")),
                frame(Wire.TEXT, hex("00")),
                to(Wire.FIN | Wire.TEXT, new byte[0]),
                frame(Wire.BINARY, hex("f2 00 11 00 00")));
        EveryCut.of(frames, buffers -> {
            EngineProbe server = probe(settings, pieces).requestAll();
            server.receive(buffers);
            assertThat(server.told()).filteredOn(event -> !event.startsWith("frame") && !event.startsWith("chunk")).containsExactly(
                    text("Hello"), text("plain"), text("Hello"), binary(hex("f2 48")), "ping 01", text(""), text(""), binary(Wire.utf8("Hello")));
        });
    }

    @Test
    void takesFragmentsAsTheyCome() {
        byte[] frames = Wire.join(
                to(Deflated.RSV1 | Wire.TEXT, hex("f2 48 cd")), to(Wire.FIN | Wire.PING, hex("01")), to(Wire.CONTINUATION, new byte[0]),
                to(Wire.CONTINUATION, hex("c9 c9 07")), to(Wire.FIN | Wire.CONTINUATION, hex("00")));
        EveryCut.of(frames, buffers -> {
            EngineProbe server = probe(settings, Pieces.FRAGMENTS).requestAll();
            server.receive(buffers);
            assertThat(server.told()).containsExactly(
                    "TEXT more 48 65", "ping 01", "CONTINUATION more", "CONTINUATION more 6c 6c 6f", "CONTINUATION fin");
        });
    }

    // ---- corruption

    @ParameterizedTest
    @Tag("hostile-46")
    @CsvSource({
        "07 00,                   a block of a kind that there is not",
        "00 05 00 05 00 00,       a stored block's length",
        "02 11 00 00,             a reference to nothing",
        "f2 48 cd c9 c9 07 00 07, behind a good end",
        "f2 48 cd c9 c9 07,       no end of block",
        "01 00 00 ff ff 07 00,    behind a last block",
        "'',                      no block at all"
    })
    void refusesWhatIsCorrupt(String message, String what) {
        EveryCut.of(frame(Wire.BINARY, hex(message)), buffers -> {
            EngineProbe server = server();
            server.receive(buffers);
            assertThat(server.told()).as(what).containsExactly(closed(1007, true, false));
            assertThat(server.violation()).hasMessageContaining("a compressed message");
            server.receive(frame(Wire.TEXT, hex("f2 48 cd c9 c9 07 00")));
            assertThat(server.told()).as("the context is never used again").isEmpty();
        });
    }

    @Test
    @Tag("hostile-46")
    void refusesAReferenceToAMessageWhereThatWasNotAgreedOn() {
        EngineProbe server = probe(Deflated.server(Deflated.ALL, memory, "client_no_context_takeover"), Pieces.MESSAGES).requestAll();
        server.receive(frame(Wire.TEXT, hex("f2 48 cd c9 c9 07 00")), frame(Wire.TEXT, hex("f2 00 11 00 00")));
        assertThat(server.told()).containsExactly(text("Hello"), closed(1007, true, false));
    }

    /** What came is kept as far back as was agreed on, and no further; 'a' may be referred to from there. */
    @ParameterizedTest
    @ValueSource(ints = {8, 9, 12, 15})
    void keepsAsMuchAsMayBeReferredTo(int bits) {
        byte[] history = new byte[3 << bits];
        new Random(bits).nextBytes(history);
        byte[] window = Arrays.copyOfRange(history, history.length - (1 << bits), history.length);
        Deflater zlib = new Deflater(9, true);
        zlib.setDictionary(window);
        zlib.setInput(Arrays.copyOf(window, 100));
        byte[] out = new byte[400];
        int length = zlib.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        zlib.end();
        EngineSettings agreed = Deflated.server(Deflated.ALL, memory, "client_max_window_bits=" + bits);
        EngineProbe server = probe(agreed, Pieces.MESSAGES).requestAll();
        for (int at = 0; at < history.length; at += 100) { // also of messages that are shorter than the window
            server.receive(frame(Wire.BINARY, Deflated.message(Arrays.copyOfRange(history, at, Math.min(at + 100, history.length)))));
        }
        server.told();
        server.receive(frame(Wire.BINARY, Arrays.copyOf(out, length - 4)));
        assertThat(server.told()).containsExactly(binary(Arrays.copyOf(window, 100)));
    }

    @Test
    @Tag("hostile-46")
    void refusesCompressedTextThatIsNotUtf8() {
        EngineProbe server = server();
        server.receive(frame(Wire.BINARY, Deflated.message(hex("61 ff"))), frame(Wire.TEXT, Deflated.message(hex("61 ff"))));
        assertThat(server.told()).containsExactly(binary(hex("61 ff")), closed(1007, true, false));
        EngineProbe cut = server();
        cut.receive(frame(Wire.TEXT, Deflated.message(hex("61 e2 82"))));
        assertThat(cut.told()).containsExactly(closed(1007, true, false));
        assertThat(cut.violation()).hasMessageContaining("inside a code point");
    }

    @ParameterizedTest
    @EnumSource
    void takesTextThatIsCutInsideACodePoint(Pieces pieces) {
        byte[] text = Wire.utf8("x" + "€".repeat(CHUNK)); // three bytes each, so that every chunk ends inside one
        EngineProbe server = probe(settings, pieces).requestAll();
        server.receive(frame(Wire.TEXT, Deflated.message(text)));
        assertThat(server.told()).contains(EngineProbe.data(Wire.TEXT, true, text));
    }

    // ---- limits

    @ParameterizedTest
    @Tag("hostile-45")
    @EnumSource
    void limitsWhatIsInflated(Pieces pieces) {
        for (int limit : new int[] {0, 1, 1000, CHUNK, CHUNK + 1, 3 * CHUNK}) {
            EngineProbe exact = probe(limited(limit), pieces).requestAll();
            exact.receive(frame(Wire.BINARY, Deflated.message(new byte[limit])));
            assertThat(exact.told()).contains(binary(new byte[limit])).doesNotContain(closed(1009, true, false));
            EngineProbe more = probe(limited(limit), pieces).requestAll();
            more.receive(frame(Wire.BINARY, Deflated.message(new byte[limit + 1])));
            assertThat(more.told()).contains(closed(1009, true, false)).doesNotContain(binary(new byte[limit + 1]));
            assertThat(more.violation()).hasMessageContaining("a message that inflates to more than " + limit + " bytes");
        }
    }

    @Test
    @Tag("hostile-45")
    void limitsEachMessageByItself() {
        EngineProbe server = probe(limited(1000), Pieces.MESSAGES).requestAll();
        server.receive(Wire.repeat(frame(Wire.BINARY, Deflated.message(new byte[1000])), 5));
        assertThat(server.told()).isEqualTo(Collections.nCopies(5, binary(new byte[1000])));
    }

    /** A megabyte that comes to a gigabyte, in one frame and in a thousand. */
    @ParameterizedTest
    @Tag("hostile-45")
    @ValueSource(ints = {1, 1000})
    void refusesABombWhileItInflates(int frames) {
        byte[] bomb = Wire.repeat(Wire.join(Deflated.message(new byte[1 << 20]), hex("00 00 ff ff")), 1024);
        EngineProbe server = probe(settings, Pieces.CHUNKS).requestAll();
        int length = bomb.length / frames;
        for (int i = 0; i < frames && server.engine.isOpen(); i++) {
            server.receive(to(i == 0 ? Deflated.RSV1 | Wire.BINARY : Wire.CONTINUATION, Arrays.copyOfRange(bomb, i * length, (i + 1) * length)));
        }
        assertThat(server.chunks().stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(1 << 20);
        assertThat(server.chunks()).allMatch(chunk -> chunk <= CHUNK);
        assertThat(server.status().code()).isEqualTo(CloseStatus.TOO_BIG);
    }

    /** What is too long even if it were compressed badly is refused by its header: twice the limit and 64 KiB. */
    @ParameterizedTest
    @CsvSource({"67536,false", "67537,true"})
    @Tag("hostile-45")
    void limitsWhatIsCompressed(int length, boolean refused) {
        EngineProbe server = probe(limited(1000), Pieces.MESSAGES).requestAll();
        server.receive(Wire.headerTo(Role.SERVER, Wire.FIN | Deflated.RSV1 | Wire.BINARY, length));
        assertThat(server.told()).isEqualTo(refused ? List.of(closed(1009, true, false)) : List.of());
        EngineProbe fragments = probe(limited(1000), Pieces.MESSAGES).requestAll();
        fragments.receive(to(Deflated.RSV1 | Wire.BINARY, Wire.repeat(hex("00 00 00 ff ff"), 1000)));
        fragments.receive(Wire.headerTo(Role.SERVER, Wire.CONTINUATION, length - 5000));
        assertThat(fragments.told()).isEqualTo(refused ? List.of(closed(1009, true, false)) : List.of());
        EngineProbe plain = probe(limited(1000), Pieces.MESSAGES).requestAll();
        plain.receive(to(Wire.FIN | Wire.BINARY, new byte[1001]));
        assertThat(plain.told()).containsExactly(closed(1009, true, false));
    }

    @Test
    @Tag("hostile-47")
    void takesNoMoreEmptyBlocksThanFitTheLimit() {
        EngineProbe server = probe(settings, Pieces.CHUNKS).requestAll();
        server.receive(frame(Wire.BINARY, Wire.join(Wire.repeat(hex("00 00 00 ff ff"), 400_000), hex("00"))));
        assertThat(server.told()).containsExactly(binary(new byte[0]));
        server.receive(frame(Wire.BINARY, Wire.join(Wire.repeat(hex("00 00 00 ff ff"), 1_000_000), hex("00"))));
        assertThat(server.told()).containsExactly(closed(1009, true, false));
    }

    @ParameterizedTest
    @Tag("hostile-47")
    @CsvSource({"4096,false", "4097,true"})
    void takesNoMoreThanSoManyLastBlocks(int blocks, boolean refused) {
        EngineProbe server = server();
        byte[] message = Wire.join(Wire.repeat(hex("03 00"), blocks), hex("00"));
        server.receive(frame(Wire.BINARY, message));
        assertThat(server.told()).containsExactly(refused ? closed(1007, true, false) : binary(new byte[0]));
        if (refused) {
            assertThat(server.violation()).hasMessageContaining("more than 4096 last blocks");
        } else {
            server.receive(frame(Wire.BINARY, message));
            assertThat(server.told()).as("they are counted anew in each message").containsExactly(binary(new byte[0]));
        }
    }

    // ---- demand

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 5000, CHUNK})
    void givesAChunkForEachPieceOfDemand(int taken) {
        byte[] message = numbers(5 * CHUNK + 100);
        IntUnaryOperator taker = remaining -> taken == 0 ? remaining : Math.min(remaining, Math.max(taken, remaining - taken));
        EngineProbe server = probe(settings, Pieces.CHUNKS).takesOfChunk(taker);
        byte[] frames = Wire.join(frame(Wire.BINARY, Deflated.message(message)), to(Wire.FIN | Wire.PING, hex("01")), frame(Wire.TEXT, hex("00")));
        for (byte b : frames) {
            server.receive(new byte[] {b});
        }
        assertThat(server.chunks()).as("without demand").isEmpty();
        assertThat(server.engine.isHeldBack()).isTrue();
        int offered = 0;
        List<String> told = new ArrayList<>();
        while (server.engine.isHeldBack()) {
            server.request(1);
            assertThat(server.chunks().size() - offered).as("chunks for a piece").isLessThanOrEqualTo(1);
            offered = server.chunks().size();
            told.addAll(server.told());
        }
        assertThat(told).containsExactly(binary(message), "ping 01", text(""));
    }

    @Test
    void holdsTheEndOfAFrameBackWithItsLastChunk() {
        EngineProbe server = probe(settings, Pieces.CHUNKS).request(1);
        server.receive(frame(Wire.BINARY, Deflated.message(numbers(CHUNK + 1))));
        assertThat(server.chunks()).containsExactly(CHUNK);
        assertThat(server.told()).isEmpty();
        assertThat(server.engine.isHeldBack()).isTrue();
        server.request(1);
        assertThat(server.chunks()).containsExactly(CHUNK, 1);
        assertThat(server.told()).containsExactly(binary(numbers(CHUNK + 1)));
        assertThat(server.engine.isHeldBack()).isFalse();
    }

    @Test
    void takesDemandThatComesWithAMessage() {
        EngineProbe server = probe(settings, Pieces.MESSAGES).request(1);
        server.onTold(event -> server.engine.request(1));
        server.receive(Wire.repeat(frame(Wire.BINARY, Deflated.message(numbers(100_000))), 4));
        assertThat(server.told()).isEqualTo(Collections.nCopies(4, binary(numbers(100_000))));
        assertThat(server.engine.isHeldBack()).isFalse();
    }

    // ---- user's stages

    private static final FrameStage PASS = stage -> new FrameStage.Frames() {};
    private static final FrameStage PASS_CHUNKS = stage -> new FrameStage.Chunks() {};

    @ParameterizedTest
    @EnumSource
    void inflatesInFrontOfStages(Pieces pieces) {
        byte[] message = numbers(3 * CHUNK + 5);
        byte[] frames = Wire.join(
                frame(Wire.BINARY, Deflated.message(message)), to(Wire.FIN | Wire.PING, hex("01")), frame(Wire.TEXT, hex("f2 48 cd c9 c9 07 00")));
        for (List<FrameStage> stages : List.of(List.of(PASS), List.of(PASS_CHUNKS), List.of(PASS_CHUNKS, PASS), List.of(PASS, PASS_CHUNKS))) {
            EngineProbe server = probe(settings, pieces, stages.toArray(FrameStage[]::new));
            server.receive(frames);
            List<String> told = new ArrayList<>(server.told());
            for (int i = 0; i < 20; i++) {
                server.request(1);
                told.addAll(server.told());
            }
            assertThat(told).containsExactly(binary(message), "ping 01", text("Hello"));
            assertThat(server.engine.isHeldBack()).isFalse();
        }
    }

    /** What a sink leaves waits in front of more, though there is demand. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsForWhatASinkHasLeft(boolean staged) {
        byte[] message = numbers(3 * CHUNK + 5);
        byte[] plain = numbers(1000);
        FrameStage[] stages = staged ? new FrameStage[] {PASS_CHUNKS} : new FrameStage[0];
        EngineProbe server = probe(settings, Pieces.CHUNKS, stages).takesOfChunk(remaining -> Math.min(remaining, 300));
        server.request(Long.MAX_VALUE);
        server.receive(frame(Wire.BINARY, Deflated.message(message)), to(Wire.FIN | Wire.BINARY, plain));
        List<String> told = new ArrayList<>(server.told());
        for (int i = 0; i < 1000 && server.engine.isHeldBack(); i++) {
            server.request(1);
            told.addAll(server.told());
        }
        assertThat(told).containsExactly(binary(message), binary(plain));
    }

    /** Of what is inflated nobody knows the length before, and the mark is no longer true. */
    @Test
    void showsStagesFramesWithoutTheMark() {
        List<String> seen = new ArrayList<>();
        EngineProbe server = probe(settings, Pieces.MESSAGES, stage -> new FrameStage.Chunks() {
            @Override
            public FrameSink incoming(FrameSink next) {
                return sink((opcode, fin, rsv, length) -> {
                    seen.add(opcode + (fin ? " fin" : " more") + " rsv " + rsv + " of " + length);
                    next.onFrame(opcode, fin, rsv, length);
                }, next::onPayload, next::onFrameEnd);
            }
        }).requestAll();
        server.receive(to(Deflated.RSV1 | Wire.TEXT, hex("f2 48 cd")), to(Wire.FIN | Wire.CONTINUATION, hex("c9 c9 07 00")), to(Wire.FIN | Wire.TEXT, hex("61")));
        assertThat(seen).containsExactly("TEXT more rsv 0 of -1", "CONTINUATION fin rsv 0 of -1", "TEXT fin rsv 0 of 1");
        assertThat(server.told()).containsExactly(text("Hello"), text("a"));
    }

    /** What begins a frame. */
    private interface Head {
        void onFrame(Opcode opcode, boolean fin, int rsv, long length);
    }

    private static FrameSink sink(Head head, Consumer<ByteBuffer> payload, Runnable end) {
        return new FrameSink() {
            @Override
            public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
                head.onFrame(opcode, fin, rsv, length);
            }

            @Override
            public void onPayload(ByteBuffer chunk) {
                payload.accept(chunk);
            }

            @Override
            public void onFrameEnd() {
                end.run();
            }
        };
    }

    /** Where messages may be longer than an array, stages see pieces of 64 KiB, and that it ends by an empty one. */
    @ParameterizedTest
    @CsvSource({"0,2,true", "5,2,true", "65536,2,true", "65537,3,true", "131072,3,true", "200000,4,false"})
    void cutsWhatIsTooLongToHold(int length, int pieces, boolean fin) {
        List<Frame> seen = new ArrayList<>();
        EngineSettings endless = settings.withLimits(Limits.DEFAULT.withMessageBytes(Long.MAX_VALUE));
        EngineProbe server = probe(endless, Pieces.CHUNKS, FrameStage.incoming((frame, stage) -> {
            seen.add(frame);
            return List.of(frame);
        })).requestAll();
        byte[] message = numbers(length);
        server.receive(to((fin ? Wire.FIN : 0) | Deflated.RSV1 | Wire.BINARY, Deflated.message(message)));
        assertThat(server.engine.isOpen()).isTrue();
        assertThat(seen).hasSize(pieces);
        assertThat(seen.get(0).opcode().code()).isEqualTo(Wire.BINARY);
        assertThat(seen.subList(1, pieces)).allMatch(frame -> frame.opcode().code() == Wire.CONTINUATION);
        assertThat(seen.subList(0, pieces - 1)).allMatch(frame -> !frame.fin() && frame.length() <= FrameCutter.PIECE_BYTES);
        assertThat(seen.get(pieces - 1).fin()).isEqualTo(fin);
        ByteBuffer joined = ByteBuffer.allocate(length);
        seen.forEach(frame -> joined.put(frame.payload()));
        assertThat(joined.array()).isEqualTo(message);
    }

    // ---- ends while it delivers

    @ParameterizedTest
    @CsvSource({"abort", "fail", "close"})
    void endsInsideAChunk(String how) {
        memory.close(); // so that an inflater that is given back is of no more use
        EngineProbe server = probe(settings, Pieces.CHUNKS).requestAll();
        server.onTold(event -> {
            if (event.startsWith("chunk") && server.chunks().size() == 2) {
                switch (how) {
                    case "abort" -> server.engine.abort("enough", server.now());
                    case "fail" -> server.engine.fail(CloseStatus.of(1008), server.now());
                    default -> server.engine.close(CloseStatus.of(1000), server.now());
                }
            }
        });
        server.receive(frame(Wire.BINARY, Deflated.message(numbers(5 * CHUNK))), frame(Wire.TEXT, hex("f2 48 cd c9 c9 07 00")));
        boolean goesOn = how.equals("close");
        assertThat(server.chunks()).hasSize(goesOn ? 6 : 2);
        assertThat(server.told()).filteredOn(event -> event.startsWith("BINARY")).hasSize(goesOn ? 1 : 0);
        assertThat(server.engine.isHeldBack()).isFalse();
    }

    @Test
    void leavesTheChunkToWhoEndsInsideIt() {
        List<String> seen = new ArrayList<>();
        EngineProbe server = probe(settings, Pieces.CHUNKS, stage -> new FrameStage.Chunks() {
            @Override
            public FrameSink incoming(FrameSink next) {
                return sink((opcode, fin, rsv, length) -> {}, chunk -> {
                    stage.fail(CloseStatus.of(1008));
                    seen.add(chunk.remaining() + " bytes, the first " + chunk.get(0));
                }, () -> {});
            }
        }).requestAll();
        server.receive(frame(Wire.BINARY, Deflated.message(Wire.repeat(hex("07"), 3 * CHUNK))));
        assertThat(seen).containsExactly(CHUNK + " bytes, the first 7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a fault of the stage's", "a fault of the peer's"})
    void endsInsideAChunkOfAStage(String what) {
        FrameStage failing = stage -> new FrameStage.Chunks() {
            @Override
            public FrameSink incoming(FrameSink next) {
                return sink((opcode, fin, rsv, length) -> {}, chunk -> {
                    if (what.contains("peer")) {
                        throw new ProtocolViolation(CloseStatus.POLICY_VIOLATION, "10", what);
                    }
                    throw new IllegalStateException(what);
                }, () -> {});
            }
        };
        EngineProbe server = probe(settings, Pieces.MESSAGES, failing).requestAll();
        server.receive(frame(Wire.BINARY, Deflated.message(numbers(5 * CHUNK))));
        assertThat(server.told()).containsExactly(closed(what.contains("peer") ? 1008 : 1011, true, false));
    }
}
