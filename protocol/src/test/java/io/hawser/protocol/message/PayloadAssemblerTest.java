// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.message;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.testing.EngineProbe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PayloadAssemblerTest {
    private final List<String> told = new ArrayList<>();
    private final List<byte[]> payloads = new ArrayList<>();
    private final Demand demand = new Demand();
    private final PayloadAssembler joining = assembler(true);
    private final PayloadAssembler separate = assembler(false);

    @Test
    @Tag("F13")
    void joinsFragments() {
        frame(joining, Opcode.TEXT, false, "61");
        frame(joining, Opcode.CONTINUATION, false, "");
        frame(joining, Opcode.CONTINUATION, true, "62 63");
        frame(joining, Opcode.BINARY, true, "04");
        assertThat(told).containsExactly("TEXT fin 61 62 63", "BINARY fin 04");
    }

    @Test
    @Tag("F13")
    void deliversFragmentsOneByOne() {
        frame(separate, Opcode.TEXT, false, "61");
        frame(separate, Opcode.CONTINUATION, false, "");
        frame(separate, Opcode.CONTINUATION, true, "62 63");
        assertThat(told).containsExactly("TEXT more 61", "CONTINUATION more", "CONTINUATION fin 62 63");
    }

    @Test
    @Tag("hostile-24")
    void deliversEmptyPayloads() {
        frame(joining, Opcode.TEXT, true, "");
        frame(separate, Opcode.BINARY, true, "");
        assertThat(told).containsExactly("TEXT fin", "BINARY fin");
    }

    @Test
    void takesOnePieceOfDemandForEachDelivery() {
        demand.add(3);
        frame(joining, Opcode.TEXT, false, "61");
        frame(joining, Opcode.CONTINUATION, true, "62");
        frame(separate, Opcode.TEXT, false, "61");
        assertThat(demand.isOpen()).isTrue();
        frame(separate, Opcode.CONTINUATION, true, "62");
        assertThat(demand.isOpen()).isFalse();
    }

    @Test
    void unmasksAsItCopies() {
        joining.onFrame(Opcode.BINARY, true, 0, 6);
        ByteBuffer chunk = ByteBuffer.wrap(hex("11 22 33 44 10 20"));
        joining.onMasked(chunk, 0x10203040);
        joining.onFrameEnd();
        assertThat(payloads.get(0)).isEqualTo(hex("01 02 03 04 00 00"));
        assertThat(chunk.hasRemaining()).isFalse();
        assertThat(chunk.array()).isEqualTo(hex("11 22 33 44 10 20"));
    }

    @Test
    void takesALengthThatIsNotKnown() {
        joining.onFrame(Opcode.BINARY, true, 0, -1);
        joining.onPayload(ByteBuffer.wrap(new byte[20_000]));
        joining.onPayload(ByteBuffer.wrap(hex("01")));
        joining.onFrameEnd();
        assertThat(payloads.get(0)).hasSize(20_001).endsWith(1);
    }

    @Test
    void readsAFrameStraightIntoItsArray() {
        joining.onFrame(Opcode.BINARY, true, 0, 16 << 10);
        joining.onPayload(ByteBuffer.wrap(hex("01")));
        joining.onPayload(ByteBuffer.wrap(new byte[(16 << 10) - 1]));
        joining.onFrameEnd();
        assertThat(payloads.get(0)).hasSize(16 << 10).startsWith(1);
    }

    @Test
    void growsALargeFrameWithWhatArrives() {
        int length = 1 << 20;
        joining.onFrame(Opcode.BINARY, true, 0, length);
        for (int i = 0; i < length; i += 1 << 10) {
            byte[] chunk = new byte[1 << 10];
            chunk[0] = (byte) (i >> 10);
            joining.onPayload(ByteBuffer.wrap(chunk));
        }
        joining.onFrameEnd();
        assertThat(payloads.get(0)).hasSize(length);
        assertThat(payloads.get(0)[5 << 10]).isEqualTo((byte) 5);
    }

    @Test
    @Tag("hostile-29")
    @Tag("hostile-30")
    void copiesFragmentsOfOneByteSeldom() {
        assertThat(copies(1 << 12)).isLessThanOrEqualTo(13);
        assertThat(copies(1 << 13)).isLessThanOrEqualTo(14);
    }

    /** How often an array grows, seen in the positions at which a chunk's arrival makes room for more than itself. */
    private int copies(int fragments) {
        int grown = 0;
        int capacity = 0;
        PayloadAssembler assembler = assembler(true);
        for (int i = 0; i < fragments; i++) {
            frame(assembler, i == 0 ? Opcode.BINARY : Opcode.CONTINUATION, false, "07");
            if (assembler.capacity() != capacity) {
                capacity = assembler.capacity();
                grown++;
                assertThat(capacity).isLessThanOrEqualTo(2 * (i + 1));
            }
        }
        return grown;
    }

    @Test
    @Tag("hostile-32")
    void doesNotGrowWithEmptyFragments() {
        frame(joining, Opcode.BINARY, false, "");
        for (int i = 0; i < 1_000_000; i++) {
            frame(joining, Opcode.CONTINUATION, false, "");
        }
        assertThat(joining.capacity()).isZero();
    }

    @Test
    @Tag("hostile-20")
    void allocatesLittleForAnAnnouncement() {
        joining.onFrame(Opcode.BINARY, true, 0, 1L << 40);
        assertThat(joining.capacity()).isZero();
        joining.onPayload(ByteBuffer.wrap(hex("01")));
        assertThat(joining.capacity()).isEqualTo(16 << 10);
    }

    @Test
    void isOpenFromTheFirstHeaderToTheEnd() {
        assertThat(joining.isOpen()).isFalse();
        frame(joining, Opcode.TEXT, false, "");
        assertThat(joining.isOpen()).isTrue();
        frame(joining, Opcode.CONTINUATION, true, "");
        assertThat(joining.isOpen()).isFalse();
        separate.onFrame(Opcode.TEXT, false, 0, 0);
        assertThat(separate.isOpen()).isTrue();
        separate.onFrameEnd();
        assertThat(separate.isOpen()).isFalse();
    }

    @Test
    @Tag("hostile-31")
    void makesProgressWithMessagesAndBytesOnly() {
        frame(joining, Opcode.TEXT, false, "");
        long begun = joining.progress();
        frame(joining, Opcode.CONTINUATION, false, "");
        assertThat(joining.progress()).isEqualTo(begun);
        frame(joining, Opcode.CONTINUATION, false, "61");
        assertThat(joining.progress()).isGreaterThan(begun);
    }

    @Test
    @Tag("C3")
    void forgetsAMessageThatWillNeverEnd() {
        frame(joining, Opcode.TEXT, false, "61");
        joining.discard();
        assertThat(joining.isOpen()).isFalse();
        assertThat(joining.capacity()).isZero();
        frame(joining, Opcode.TEXT, true, "62");
        assertThat(told).containsExactly("TEXT fin 62");
    }

    private PayloadAssembler assembler(boolean joinFragments) {
        return new PayloadAssembler(joinFragments, Integer.MAX_VALUE, demand, (opcode, fin, payload) -> {
            told.add(EngineProbe.data(opcode.code(), fin, payload));
            payloads.add(payload);
        });
    }

    private static void frame(PayloadAssembler assembler, Opcode opcode, boolean fin, String payload) {
        byte[] bytes = hex(payload);
        assembler.onFrame(opcode, fin, 0, bytes.length);
        if (bytes.length > 0) {
            assembler.onPayload(ByteBuffer.wrap(bytes));
        }
        assembler.onFrameEnd();
    }
}
