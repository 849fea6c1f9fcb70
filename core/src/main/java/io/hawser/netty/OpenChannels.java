// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.connection.LiveConnection;
import io.hawser.protocol.CloseStatus;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The channels that are open, each with its connection once it is a WebSocket's, until all of them are to end. For any thread. */
final class OpenChannels {
    private static final CloseStatus GOING_AWAY = CloseStatus.of(CloseStatus.GOING_AWAY, "the server stops");

    private final Map<Channel, Optional<LiveConnection>> open = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Whether they are to end, so that nothing new should begin. */
    boolean isStopping() {
        return stopping.get();
    }

    void add(Channel channel) {
        open.put(channel, Optional.empty());
        channel.closeFuture().addListener(closed -> open.remove(channel));
        if (stopping.get()) {
            channel.close(); // accepted before the last, and perhaps too late to be closed with the others
        }
    }

    void add(Channel channel, LiveConnection connection) {
        // Only if it is listed still: else it has closed meanwhile.
        open.replace(channel, Optional.of(connection));
        if (stopping.get()) {
            connection.close(GOING_AWAY);
        }
    }

    /** Runs what ends them; where another thread does so already, waits until that is done. */
    void stop(Runnable ending) {
        if (stopping.compareAndSet(false, true)) {
            try {
                ending.run();
            } finally {
                stopped.countDown();
            }
        } else {
            awaitStopped();
        }
    }

    /** Closes connections with 1001, asks the other channels to end, waits as long as the grace, and cuts what is left; within {@link #stop}. */
    void end(Duration grace, Consumer<Channel> asked) {
        open.forEach((channel, connection) ->
                connection.ifPresentOrElse(live -> live.close(GOING_AWAY), () -> asked.accept(channel)));
        long deadline = System.nanoTime() + grace.toNanos();
        for (Channel channel : open.keySet()) {
            channel.closeFuture().awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        open.forEach((channel, connection) -> {
            connection.ifPresent(live -> live.abort("the server stopped"));
            channel.close().awaitUninterruptibly();
        });
    }

    private void awaitStopped() {
        boolean interrupted = false;
        while (true) {
            try {
                stopped.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
