// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Message;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Probe} sends from, by hand: a publisher whose subscriber is the probe's own end of the connection, which asks for the next
 * message while the last could leave. So the demand shows the back-pressure. For the test's thread.
 */
public final class Outgoing {
    private final Scene scene;
    private final Source source = new Source();
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private @Nullable Expecting expecting;

    private Flow.@Nullable Subscriber<? super Message> subscriber;
    private long demand;
    private long waiting;
    private boolean draining;
    private boolean over;
    private boolean cancelled;

    Outgoing(Scene scene) {
        this.scene = scene;
    }

    void belongTo(Expecting probes) {
        expecting = probes;
    }

    private Expecting expecting() {
        return Objects.requireNonNull(expecting);
    }

    /** What is done in its turn. */
    private sealed interface Step {
        /** A message leaves, for which there must be demand. */
        record Sending(Message message) implements Step {}

        /** Whatever else. */
        record Acting(Runnable action) implements Step {}
    }

    Flow.Publisher<Message> publisher() {
        return source;
    }

    // ---- for the test

    /** For how many more messages there is demand, as far as the test has let things happen. */
    public long demand() {
        return demand - waiting;
    }

    /**
     * Waits until there is demand for at least one message.
     *
     * @return the demand that is open
     * @throws AssertionError if none comes within {@link TestOptions#within}
     */
    public long expectRequest() {
        if (!expecting().await(() -> demand() > 0 || cancelled) || cancelled) {
            throw expecting().failure("demand for a message", cancelled ? "the subscription was cancelled" : expecting().nothing());
        }
        return demand();
    }

    /**
     * Lets everything happen that can while the clock stands, and checks that there is no demand.
     *
     * @throws AssertionError if there is
     */
    public void expectNoRequest() {
        scene.world().settle();
        if (demand() > 0) {
            throw expecting().failure("no demand for messages", "there is demand for " + demand());
        }
    }

    /**
     * Gives a message for which there is demand. It is handed over; what follows from it happens when the test waits.
     *
     * @throws IllegalStateException if there is no demand (Reactive Streams 1.1), or the output has ended
     */
    public Outgoing next(Message message) {
        if (demand() <= 0) {
            throw new IllegalStateException("there is no demand for a message; expectRequest() first, or use Probe.send, which waits for it");
        }
        send(message);
        return this;
    }

    /**
     * Ends the output: the connection is closed with 1000 behind what was sent.
     *
     * @throws IllegalStateException if the output has ended already
     */
    public void complete() {
        end(() -> {
            if (subscriber != null && !cancelled) {
                subscriber.onComplete();
            }
        });
    }

    /**
     * Lets the output fail: the connection is closed with 1011.
     *
     * @throws IllegalStateException if the output has ended already
     */
    public void error(Throwable failure) {
        Objects.requireNonNull(failure);
        scene.give(failure);
        end(() -> {
            if (subscriber != null && !cancelled) {
                subscriber.onError(failure);
            }
        });
    }

    /** Whether nothing more is wanted, as the connection is closed. */
    public boolean isCancelled() {
        return cancelled;
    }

    // ---- for the probe

    /** Sends when there is demand. */
    void send(Message message) {
        Objects.requireNonNull(message);
        requireOpen();
        waiting++;
        add(new Step.Sending(message));
    }

    /** Runs behind what was sent before. */
    void act(Runnable action) {
        add(new Step.Acting(action));
    }

    /** Runs behind what was sent before; nothing is sent behind it. */
    void actLast(Runnable action) {
        over = true;
        act(action);
    }

    private void end(Runnable action) {
        requireOpen();
        actLast(action);
    }

    private void requireOpen() {
        if (over) {
            throw new IllegalStateException("the probe's output has ended already, by complete(), fail(), close() or abort()");
        }
    }

    private void add(Step step) {
        steps.add(step);
        scene.world().execute(this::drain);
    }

    /** How many messages wait for demand. */
    long waiting() {
        return waiting;
    }

    // ---- on the loop

    private void drain() {
        if (draining || subscriber == null) {
            return;
        }
        draining = true;
        while (!steps.isEmpty() && (steps.peek() instanceof Step.Acting || demand > 0 && !cancelled)) {
            switch (steps.remove()) {
                case Step.Sending(Message message) -> {
                    waiting--;
                    demand--;
                    subscriber.onNext(message);
                }
                case Step.Acting(Runnable action) -> action.run();
            }
        }
        draining = false;
    }

    private final class Source implements Flow.Publisher<Message>, Flow.Subscription {
        @Override
        public void subscribe(Flow.Subscriber<? super Message> wanted) {
            subscriber = wanted;
            wanted.onSubscribe(this);
            drain();
        }

        @Override
        public void request(long n) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            drain();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
