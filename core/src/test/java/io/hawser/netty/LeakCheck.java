// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class if a Netty buffer was collected that nobody had released: its own, or of a class that ran at the
 * same time. Put it on each class that touches buffers: {@code @ExtendWith(LeakCheck.class)}.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final Duration HANG_GUARD = Duration.ofSeconds(30);
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        assertThat(ResourceLeakDetector.getLevel())
                .as("every buffer is watched; the build sets io.netty.leakDetection.level")
                .isEqualTo(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((kind, records) -> LEAKS.add(kind + " was not released: " + records));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(leaks()).isEmpty();
    }

    /** What was collected up to now without having been released; forgets it. */
    public static List<String> leaks() {
        // Twice: a buffer may be found in the second round whose holder went in the first.
        collectGarbage();
        collectGarbage();
        List<String> found = List.copyOf(LEAKS);
        LEAKS.removeAll(found);
        return found;
    }

    private static void collectGarbage() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
        long start = System.nanoTime();
        try {
            do {
                System.gc();
                if (System.nanoTime() - start > HANG_GUARD.toNanos()) {
                    throw new AssertionError("no garbage is collected: " + canary);
                }
            } while (queue.remove(100) == null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while garbage is collected", e);
        }
        // Leaks are reported when the next buffer is made.
        ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(1);
        probe.release();
    }
}
