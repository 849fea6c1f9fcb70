// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("hostile-49")
class CompressorsTest {
    private static final int WAITING = Runtime.getRuntime().availableProcessors();
    private static final long BOTH = LeasedDeflater.BYTES + LeasedInflater.BYTES;

    private static LeasedDeflater deflater(Compressors compressors, int level) {
        return there(compressors.deflater(level));
    }

    private static LeasedInflater inflater(Compressors compressors) {
        return there(compressors.inflater());
    }

    private static <T> T there(@Nullable T leased) {
        if (leased == null) {
            throw new AssertionError("there is no memory");
        }
        return leased;
    }

    @Test
    void takesNothingForOneThatCannotBeMade() {
        Compressors compressors = new Compressors(1 << 20);
        assertThatThrownBy(() -> compressors.deflater(42)).isInstanceOf(IllegalArgumentException.class);
        assertThat(compressors.usedBytes()).isZero();
    }

    /** They make way. */
    @Test
    void doesNotCountWhatWaitsAgainstWhatIsKept() {
        Compressors compressors = new Compressors(800 << 10);
        LeasedDeflater[] deflaters = {compressors.deflater(1), compressors.deflater(1)};
        assertThat(compressors.hasRoom(32 << 10)).isFalse();
        for (LeasedDeflater deflater : deflaters) {
            compressors.giveBack(Objects.requireNonNull(deflater));
        }
        assertThat(compressors.reserve(600 << 10)).isTrue();
        assertThat(compressors.usedBytes()).isLessThanOrEqualTo(800 << 10);
        assertThat(compressors.reserve(1)).isFalse();
        compressors.release(600 << 10);
        compressors.giveBack(Objects.requireNonNull(compressors.deflater(1)));
        compressors.reserveAnyway(500 << 10);
        assertThat(compressors.usedBytes()).isEqualTo(500 << 10);
        compressors.reserveAnyway(500 << 10);
        assertThat(compressors.usedBytes()).as("what was promised too often").isEqualTo(1000 << 10);
        compressors.release(1000 << 10);
        compressors.close();
        assertThat(compressors.usedBytes()).isZero();
    }

    @Test
    void areCountedUntilTheyAreEnded() {
        Compressors compressors = new Compressors(BOTH);
        LeasedDeflater deflater = deflater(compressors, 1);
        LeasedInflater inflater = inflater(compressors);
        assertThat(compressors.usedBytes()).isEqualTo(BOTH);
        assertThat(compressors.deflater(1)).isNull();
        assertThat(compressors.inflater()).isNull();
        compressors.giveBack(deflater);
        compressors.giveBack(inflater);
        assertThat(compressors.usedBytes()).as("they wait").isEqualTo(BOTH);
        compressors.close();
        assertThat(compressors.usedBytes()).isZero();
    }

    @Test
    void waitForTheNextAndHaveSeenNothing() throws DataFormatException {
        Compressors compressors = new Compressors(BOTH);
        LeasedDeflater deflater = deflater(compressors, 1);
        deflater.zlib().setInput(new byte[100]);
        deflater.zlib().deflate(deflater.out());
        compressors.giveBack(deflater);
        LeasedDeflater again = deflater(compressors, 9);
        assertThat(again).isSameAs(deflater);
        assertThat(again.zlib().getTotalIn()).isZero();
        assertThat(again.zlib().needsInput()).isTrue();
        LeasedInflater inflater = inflater(compressors);
        inflater.zlib().setInput(new byte[] {3, 0});
        assertThat(inflater.zlib().inflate(new byte[1])).isZero();
        inflater.out().clear();
        compressors.giveBack(inflater);
        LeasedInflater next = inflater(compressors);
        assertThat(next).isSameAs(inflater);
        assertThat(next.zlib().finished()).isFalse();
        assertThat(next.out().hasRemaining()).as("nothing that somebody else has left").isFalse();
        compressors.giveBack(again);
        compressors.giveBack(next);
        compressors.close();
    }

    @Test
    void waitInSmallNumbers() {
        Compressors compressors = new Compressors(100 * BOTH);
        List<LeasedDeflater> deflaters = new ArrayList<>();
        List<LeasedInflater> inflaters = new ArrayList<>();
        for (int i = 0; i < WAITING + 3; i++) {
            deflaters.add(deflater(compressors, 1));
            inflaters.add(inflater(compressors));
        }
        assertThat(compressors.usedBytes()).isEqualTo((WAITING + 3) * BOTH);
        deflaters.forEach(compressors::giveBack);
        inflaters.forEach(compressors::giveBack);
        assertThat(compressors.usedBytes()).isEqualTo(WAITING * BOTH);
        compressors.close();
        assertThat(compressors.usedBytes()).isZero();
    }

    @Test
    void makeRoomForTheOtherKind() {
        Compressors compressors = new Compressors(LeasedDeflater.BYTES);
        compressors.giveBack(deflater(compressors, 1));
        LeasedInflater inflater = inflater(compressors);
        assertThat(compressors.usedBytes()).isEqualTo(LeasedInflater.BYTES);
        assertThat(compressors.deflater(1)).as("not while it is in use").isNull();
        compressors.giveBack(inflater);
        compressors.giveBack(deflater(compressors, 1));
        assertThat(compressors.usedBytes()).isEqualTo(LeasedDeflater.BYTES);
        compressors.close();
        assertThat(compressors.usedBytes()).isZero();
    }

    @Test
    void areLeasedAndEndedAfterTheClose() {
        Compressors compressors = new Compressors(BOTH);
        LeasedDeflater before = deflater(compressors, 1);
        compressors.close();
        LeasedInflater behind = inflater(compressors);
        assertThat(compressors.usedBytes()).isEqualTo(BOTH);
        compressors.giveBack(before);
        compressors.giveBack(behind);
        assertThat(compressors.usedBytes()).isZero();
    }

    @Test
    @Tag("hostile-50")
    void leaveAQuarterToMessages() {
        Compressors compressors = new Compressors(1000);
        assertThat(compressors.hasRoom(750)).isTrue();
        assertThat(compressors.hasRoom(751)).isFalse();
        assertThat(compressors.reserve(751)).isFalse();
        assertThat(compressors.usedBytes()).isZero();
        assertThat(compressors.reserve(700)).isTrue();
        assertThat(compressors.reserve(51)).isFalse();
        assertThat(compressors.hasRoom(50)).isTrue();
        compressors.reserveAnyway(51);
        assertThat(compressors.hasRoom(0)).isFalse();
        compressors.release(1);
        assertThat(compressors.hasRoom(0)).isTrue();
        compressors.release(750);
        assertThat(compressors.usedBytes()).isZero();
    }

    @Test
    void loseNoCountAmongThreads() throws InterruptedException, ExecutionException {
        Compressors compressors = new Compressors(4 * BOTH);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Long>> most = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(i);
                most.add(threads.submit(() -> use(compressors, random)));
            }
            for (Future<Long> used : most) {
                assertThat(used.get()).isLessThanOrEqualTo(4 * BOTH);
            }
        }
        compressors.close();
        assertThat(compressors.usedBytes()).isZero();
    }

    /** Takes and gives back; returns how much was in use at most. */
    private static long use(Compressors compressors, Random random) {
        long most = 0;
        for (int i = 0; i < 2000; i++) {
            LeasedDeflater deflater = compressors.deflater(1 + random.nextInt(9));
            LeasedInflater inflater = random.nextBoolean() ? compressors.inflater() : null;
            boolean reserved = compressors.reserve(1000);
            most = Math.max(most, compressors.usedBytes());
            if (deflater != null) {
                deflater.zlib().setInput(ByteBuffer.allocate(10));
                assertThat(deflater.zlib().deflate(deflater.out().clear())).isZero();
                compressors.giveBack(deflater);
            }
            if (inflater != null) {
                compressors.giveBack(inflater);
            }
            if (reserved) {
                compressors.release(1000);
            }
        }
        return most;
    }
}
