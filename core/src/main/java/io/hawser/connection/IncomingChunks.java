// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.protocol.CloseStatus;
import io.hawser.waiting.Surrounded;
import io.hawser.waiting.Surroundings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The payload of one incoming message, for one subscriber, whose demand is the back-pressure. Signals come on the loop. Who cancels drops
 * the rest of the message, so that the next one can come.
 */
final class IncomingChunks<C> implements Flow.Publisher<C>, Flow.Subscription, Surrounded {
    private final LiveConnection live;
    private final StreamedMessages intake;
    private final Function<ByteBuffer, @Nullable C> decoder;
    private final AtomicBoolean taken = new AtomicBoolean();

    // The loop's own
    private ByteBuffer first;
    private Flow.@Nullable Subscriber<? super C> subscriber;
    private long demand;
    private boolean stalled;
    private boolean dropping;
    private boolean done;
    private boolean ended;
    /** Whether the subscriber is being called: what it asks for meanwhile comes behind that. */
    private boolean signalling;
    private @Nullable Throwable failure;
    private Runnable cancelDrainTimer = () -> {};

    /**
     * Chunks of a message.
     *
     * @param first what has come of it already
     * @param decoder copies a chunk out of a borrowed buffer; null if it makes nothing yet
     */
    IncomingChunks(LiveConnection live, StreamedMessages intake, ByteBuffer first, Function<ByteBuffer, @Nullable C> decoder) {
        this.live = live;
        this.intake = intake;
        this.first = first;
        this.decoder = decoder;
    }

    // ---- from the engine, on the loop

    /** The handler has the message, and is expected to read it. */
    void onDelivered() {
        Duration patience = live.options().drainTimeout();
        boolean over = ended && !first.hasRemaining();
        if (!patience.isZero() && !taken.get() && !over) {
            long third = patience.toNanos() / 3;
            cancelDrainTimer = live.wire().schedule(() -> {
                live.warn("nobody reads a streamed message; subscribe to its chunks, or discard() it");
                cancelDrainTimer = live.wire().schedule(
                        () -> live.fail(CloseStatus.of(CloseStatus.POLICY_VIOLATION, "a message is not read")),
                        patience.toNanos() - third);
            }, third);
        }
    }

    /** Takes a chunk if there is demand; leaves it otherwise. */
    void offer(ByteBuffer chunk) {
        if (dropping || done) {
            chunk.position(chunk.limit());
            return;
        }
        giveFirst();
        if (!first.hasRemaining() && demand > 0) {
            give(chunk);
        } else {
            stalled = true;
        }
    }

    /** Whether a chunk was left, and nobody has asked for it since. */
    boolean isStalled() {
        return stalled;
    }

    /** The message has ended. */
    void end() {
        ended = true;
        if (!first.hasRemaining()) {
            cancelDrainTimer.run(); // read or empty: it keeps nothing waiting
        }
        finish();
    }

    /** No more comes, for this reason. */
    void fail(Throwable cause) {
        cancelDrainTimer.run();
        failure = cause;
        ended = true;
        first = first.limit(first.position());
        finish();
    }

    private void give(ByteBuffer chunk) {
        C decoded = decoder.apply(chunk);
        if (decoded != null) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            Flow.Subscriber<? super C> told = Objects.requireNonNull(subscriber);
            signal(() -> told.onNext(decoded));
        }
    }

    /** Calls the subscriber; Reactive Streams 1.3: one call at a time. */
    private void signal(Runnable call) {
        signalling = true;
        live.guard(call);
        signalling = false;
        finish();
    }

    private void giveFirst() {
        if (first.hasRemaining() && demand > 0) {
            give(first);
        }
    }

    private void finish() {
        Flow.Subscriber<? super C> told = subscriber;
        if (!ended || done || signalling || told == null || dropping || first.hasRemaining()) {
            return;
        }
        done = true;
        Throwable cause = failure;
        live.guard(() -> {
            if (cause == null) {
                told.onComplete();
            } else {
                told.onError(cause);
            }
        });
    }

    // ---- from the application, on any thread

    /** Whether somebody reads the message, or has dropped it. */
    boolean isTaken() {
        return taken.get();
    }

    @Override
    public Surroundings surroundings() {
        return live.wire().surroundings();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super C> wanted) {
        Objects.requireNonNull(wanted); // Reactive Streams 1.9
        if (taken.compareAndSet(false, true)) {
            live.onLoop(() -> open(wanted));
        } else {
            NoSubscription.refuse(wanted, "the chunks of a streamed message take one subscriber");
        }
    }

    private void open(Flow.Subscriber<? super C> wanted) {
        cancelDrainTimer.run();
        if (dropping) { // while this subscriber was on its way
            live.guard(() -> {
                wanted.onSubscribe(NoSubscription.INSTANCE); // Reactive Streams 1.9: before any other signal
                wanted.onError(discarded());
            });
            return;
        }
        subscriber = wanted;
        signal(() -> wanted.onSubscribe(this));
        goOn();
    }

    @Override
    public void request(long n) {
        live.onLoop(() -> {
            if (done || dropping) {
                return; // 3.6: without effect after cancel
            }
            if (n < 1) {
                Flow.Subscriber<? super C> told = Objects.requireNonNull(subscriber);
                dropAll();
                live.guard(() -> told.onError(
                        new IllegalArgumentException("Reactive Streams 3.9: demand must be positive, not " + n)));
                return;
            }
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            if (!signalling) {
                goOn();
            }
        });
    }

    /** Gives what is there and asked for, and asks for more. */
    private void goOn() {
        stalled = stalled && demand == 0;
        giveFirst();
        finish();
        intake.goOn();
    }

    @Override
    public void cancel() {
        live.onLoop(this::dropAll);
    }

    /** Drops what is left of the message; fails whoever reads it. */
    void drop() {
        taken.set(true);
        live.onLoop(() -> {
            cancelDrainTimer.run();
            Flow.Subscriber<? super C> told = done ? null : subscriber;
            dropAll();
            if (told != null) {
                live.guard(() -> told.onError(discarded()));
            }
        });
    }

    private static CancellationException discarded() {
        return new CancellationException("the rest of the message was discarded");
    }

    private void dropAll() {
        if (!done) {
            dropping = true;
            stalled = false;
            subscriber = null; // 3.13: no reference is kept
            first = first.limit(first.position());
            intake.goOn();
        }
    }
}
