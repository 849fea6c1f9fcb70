// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.connection.BlockedLoops;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread, one a server, that looks at the server's loops and warns of those that a handler holds up. */
final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final BlockedLoops blocked;
    private final long pauseNanos;
    private final Thread thread;
    private volatile boolean stopped;

    private Watchdog(Duration patience) {
        blocked = new BlockedLoops(patience, LOG::warn);
        // Twice in the time that is allowed, so that what lasts longer is found before it has lasted twice as long.
        pauseNanos = Math.max(SHORTEST_PAUSE_NANOS, patience.toNanos() / 2);
        thread = Thread.ofPlatform().name("hawser-watchdog").daemon().unstarted(this::run);
    }

    /** Watches all loops of a group; none if the patience is zero. */
    static Watchdog start(EventLoopGroup loops, Duration patience) {
        Watchdog watchdog = new Watchdog(patience);
        if (!patience.isZero()) {
            loops.forEach(loop -> loop.execute(() -> watchdog.blocked.add(LoopTasks.of((EventLoop) loop).watch())));
            watchdog.thread.start();
        }
        return watchdog;
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(this, pauseNanos);
            blocked.sample(System.nanoTime());
        }
    }

    /** The thread that watches. */
    Thread thread() {
        return thread;
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
