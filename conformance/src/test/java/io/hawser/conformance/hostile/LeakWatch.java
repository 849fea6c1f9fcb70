// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes a leaked buffer fail the class that runs while it is found. Netty tells of one when it allocates the next after
 * the leaked one was collected as garbage, so both are brought about when a class ends.
 */
final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static final Duration HANG_GUARD = Duration.ofSeconds(20);
    private static final int ROUNDS = 2;

    @Override
    public void beforeAll(ExtensionContext context) {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + " leaked" + records));
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        assertThat(leaks()).as("leaked buffers").isEmpty();
    }

    /** What has leaked so far, in whichever test. */
    static Queue<String> leaks() throws InterruptedException {
        // The second round sees what the first one's garbage held on to.
        for (int round = 0; round < ROUNDS; round++) {
            collectGarbage();
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(1);
            buffer.release();
        }
        return LEAKS;
    }

    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        PhantomReference<Object> canary = new PhantomReference<>(new Object(), collected);
        try {
            System.gc();
            assertThat(collected.remove(HANG_GUARD.toMillis())).as("garbage was collected").isNotNull();
        } finally {
            Reference.reachabilityFence(canary);
        }
    }
}
