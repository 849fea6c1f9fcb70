// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Needs a real event loop: what is watched is its thread. */
class WatchdogTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void keepsNoProcessAliveAndEndsWhenItIsStopped() throws InterruptedException {
        Watchdog watchdog = Watchdog.start(loops, Duration.ofDays(1));
        assertThat(watchdog.thread().isAlive()).isTrue();
        assertThat(watchdog.thread().isDaemon()).isTrue();
        watchdog.stop();
        assertThat(watchdog.thread().join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void doesNotRunWhereItIsOff() {
        Watchdog watchdog = Watchdog.start(loops, Duration.ZERO);
        assertThat(watchdog.thread().getState()).isEqualTo(Thread.State.NEW);
        watchdog.stop();
    }
}
