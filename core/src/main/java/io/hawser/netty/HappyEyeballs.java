// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A race for the addresses of a name (RFC 8305, 5): an attempt that has not ended soon is joined by the next, and the first connection that
 * stands ends the others. All attempts are of one loop, whose own the race is, so that only one can win.
 */
final class HappyEyeballs {
    /** RFC 8305 8: the Connection Attempt Delay, recommended to be 250 milliseconds. */
    static final long DELAY_MILLIS = 250;

    private final EventExecutor loop;
    private final Queue<InetAddress> waiting;
    private final Function<InetAddress, ChannelFuture> connector;
    private final Consumer<Channel> won;
    private final Consumer<Throwable> lost;
    private final List<ChannelFuture> running = new ArrayList<>();

    private boolean over;
    private @Nullable ScheduledFuture<?> next;
    private @Nullable Throwable failure;

    /**
     * A race, which {@link #run} starts on the loop.
     *
     * @param addresses at least one; those of one family in their order
     * @param connector begins an attempt
     * @param won called with the one connection, in the moment in which it stands
     * @param lost called otherwise, with the first attempt's failure, under which the others are suppressed
     */
    HappyEyeballs(
            EventExecutor loop,
            List<InetAddress> addresses,
            Function<InetAddress, ChannelFuture> connector,
            Consumer<Channel> won,
            Consumer<Throwable> lost) {
        this.loop = loop;
        this.waiting = new ArrayDeque<>(interleaved(addresses));
        this.connector = connector;
        this.won = won;
        this.lost = lost;
    }

    /** RFC 8305 4: addresses of both families in turn, beginning with the one that the resolver holds best. */
    static List<InetAddress> interleaved(List<InetAddress> addresses) {
        Class<?> best = addresses.get(0).getClass();
        Queue<InetAddress> firsts = new ArrayDeque<>(addresses);
        firsts.removeIf(address -> !best.isInstance(address));
        Queue<InetAddress> seconds = new ArrayDeque<>(addresses);
        seconds.removeIf(best::isInstance);
        List<InetAddress> mixed = new ArrayList<>(addresses.size());
        while (mixed.size() < addresses.size()) {
            Stream.of(firsts, seconds).map(Queue::poll).filter(Objects::nonNull).forEach(mixed::add);
        }
        return mixed;
    }

    void run() {
        ChannelFuture attempt = connector.apply(waiting.remove());
        running.add(attempt);
        if (!waiting.isEmpty()) {
            next = loop.schedule(this::run, DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
        attempt.addListener(done -> ended(attempt));
    }

    private void ended(ChannelFuture attempt) {
        running.remove(attempt);
        if (over) {
            attempt.channel().close();
        } else if (attempt.isSuccess()) {
            over = true;
            stopWaiting();
            List.copyOf(running).forEach(other -> other.channel().close());
            won.accept(attempt.channel());
        } else {
            failed(attempt.cause());
        }
    }

    private void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        } else {
            failure.addSuppressed(cause);
        }
        if (!waiting.isEmpty()) {
            stopWaiting();
            run();
        } else if (running.isEmpty()) {
            over = true;
            lost.accept(failure);
        }
    }

    private void stopWaiting() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }
}
