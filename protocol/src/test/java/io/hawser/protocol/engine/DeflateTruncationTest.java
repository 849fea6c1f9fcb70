// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Role;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.testing.DeflateWalker;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.Hex;
import io.hawser.protocol.testing.Wire;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that end too early: at every byte, in every kind of block. What is left is now and then a message, as the walker tells. */
@Tag("hostile-46")
class DeflateTruncationTest {
    private static final String FRIENDLY = "What is sent again and again is sent in full but once. ";

    /** How a message is compressed. */
    enum Kind {
        FIXED(Deflater.DEFAULT_COMPRESSION, Deflater.DEFAULT_STRATEGY, 40, "fixed"),
        DYNAMIC(Deflater.BEST_COMPRESSION, Deflater.DEFAULT_STRATEGY, 4000, "dynamic"),
        HUFFMAN_ONLY(Deflater.BEST_SPEED, Deflater.HUFFMAN_ONLY, 1500, "dynamic"),
        STORED(Deflater.NO_COMPRESSION, Deflater.DEFAULT_STRATEGY, 300, "stored");

        private final int level;
        private final int strategy;
        private final int length;
        private final String block;

        Kind(int level, int strategy, int length, String block) {
            this.level = level;
            this.strategy = strategy;
            this.length = length;
            this.block = block;
        }

        /** Words in an order of this seed's. */
        byte[] text(int seed) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                int at = random.nextInt(FRIENDLY.length() - 5);
                text.append(FRIENDLY, at, at + 5);
            }
            return Wire.utf8(text.substring(0, length));
        }
    }

    private final Memory memory = new Memory(1 << 20);

    @AfterEach
    void nothingIsLeft() {
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void areRefusedAtEachByte(Kind kind) {
        for (int seed = 0; seed < 4; seed++) {
            byte[] text = kind.text(seed);
            byte[] whole = Deflated.message(text, kind.level, kind.strategy);
            DeflateWalker walker = new DeflateWalker();
            assertThat(walker.message(whole)).isEqualTo(text);
            assertThat(walker.blocks()).contains(kind.block);
            cut(whole, new byte[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void areRefusedAtEachByteBehindAMessageThatTheyReferTo(Kind kind) {
        byte[] first = Deflated.message(kind.text(1), kind.level, kind.strategy);
        Deflater zlib = new Deflater(kind.level, true);
        zlib.setStrategy(kind.strategy);
        zlib.deflate(new byte[1]); // which does no more than that
        zlib.setDictionary(kind.text(1));
        zlib.setInput(kind.text(2));
        byte[] out = new byte[8000];
        int length = zlib.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        zlib.end();
        cut(Arrays.copyOf(out, length - 4), first);
    }

    /** Every kind of block in one message, the last of a stream among them. */
    @ParameterizedTest
    @EnumSource
    void areRefusedAmongSeveralBlocks(Kind kind) {
        byte[] empty = {0, 0, 0, (byte) 0xFF, (byte) 0xFF};
        byte[] end = {0, 0, (byte) 0xFF, (byte) 0xFF};
        Deflater zlib = new Deflater(kind.level, true);
        zlib.setInput(kind.text(5));
        zlib.finish();
        byte[] out = new byte[8000];
        byte[] last = Arrays.copyOf(out, zlib.deflate(out));
        zlib.end();
        byte[] message = Deflated.message(kind.text(6), kind.level, kind.strategy);
        cut(Wire.join(message, end, last, empty, message, end, last, new byte[1]), new byte[0]);
    }

    /** The engine and the walker agree on every message of one or two bytes and on others at random: none passes that ends inside a block. */
    @Test
    void areWhatTheWalkerTakesForOne() {
        Random random = new Random(8);
        for (int i = 0; i < 86_000; i++) {
            byte[] message = new byte[i < 256 ? 1 : i < 256 + 65_536 ? 2 : 3 + random.nextInt(5)];
            random.nextBytes(message);
            if (message.length == 1) {
                message[0] = (byte) i;
            } else if (message.length == 2) {
                message[0] = (byte) (i - 256 >> 8);
                message[1] = (byte) (i - 256);
            }
            boolean legal = isLegal(message);
            assertThat(receive(message, new byte[0]).get(0).startsWith("BINARY fin")).as(Hex.hex(message)).isEqualTo(legal);
        }
    }

    private static boolean isLegal(byte[] message) {
        try {
            return new DeflateWalker().endsWell(message);
        } catch (AssertionError | IndexOutOfBoundsException corrupt) {
            return false;
        }
    }

    private void cut(byte[] whole, byte[] before) {
        int legal = 0;
        for (int length = 0; length <= whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            DeflateWalker walker = new DeflateWalker();
            if (before.length > 0) {
                walker.message(before);
            }
            boolean endsWell = walker.endsWell(part);
            legal += endsWell ? 1 : 0;
            List<String> told = receive(part, before);
            assertThat(told).as("the first %s of %s bytes", length, whole.length).hasSize(1);
            assertThat(told.get(0).startsWith("BINARY fin")).as("the first %s of %s bytes: %s", length, whole.length, told).isEqualTo(endsWell);
            assertThat(endsWell || told.get(0).equals("closed 1007 local unclean")).isTrue();
        }
        assertThat(legal).as("the whole message, and few others").isBetween(1, 12);
    }

    private List<String> receive(byte[] message, byte[] before) {
        EngineProbe server = new EngineProbe(Role.SERVER, Deflated.server(Deflated.ALL, memory), Pieces.MESSAGES).requestAll();
        if (before.length > 0) {
            server.receive(Deflated.frame(Role.SERVER, Wire.BINARY, before));
            assertThat(server.told()).hasSize(1);
        }
        server.receive(Deflated.frame(Role.SERVER, Wire.BINARY, message));
        List<String> told = server.told();
        server.engine.abort("over", server.now());
        return told;
    }
}
