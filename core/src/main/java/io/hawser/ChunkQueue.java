// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.waiting.Surrounded;
import io.hawser.waiting.Surroundings;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Hands the chunks of a publisher over to a thread that waits for them, two under way at a time. */
final class ChunkQueue<C> implements Flow.Subscriber<C> {
    private static final int AHEAD = 2;

    private final ConcurrentLinkedQueue<Event<C>> events = new ConcurrentLinkedQueue<>();
    /** Who waits for an event; null if nobody does. */
    private final AtomicReference<@Nullable Waiter> waiting = new AtomicReference<>();

    /** Where the chunks come from, which may say where to wait for them. */
    private final Flow.Publisher<C> source;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;
    private boolean ended;

    /** What a publisher says. */
    private sealed interface Event<C> {
        record Chunk<C>(C value) implements Event<C> {}

        record End<C>(Optional<Throwable> failure) implements Event<C> {}
    }

    /** A thread that waits, and where. */
    private record Waiter(Thread thread, Surroundings surroundings) {
        void wake() {
            surroundings.unpark(thread);
        }
    }

    private ChunkQueue(Flow.Publisher<C> source) {
        this.source = source;
    }

    /** A queue of what the publisher has. */
    static <C> ChunkQueue<C> of(Flow.Publisher<C> chunks) {
        ChunkQueue<C> queue = new ChunkQueue<>(chunks);
        chunks.subscribe(queue);
        return queue;
    }

    /**
     * Waits for the next chunk.
     *
     * @return null at the end
     * @throws WaitInterruptedException if the thread is interrupted, whose flag stays set; nothing is lost
     * @throws IllegalStateException if another thread waits already
     */
    @Nullable C take() {
        if (ended || closed) {
            return null;
        }
        Event<C> next = next();
        return switch (next == null ? await() : next) {
            case Event.Chunk<C> chunk -> {
                Objects.requireNonNull(subscription).request(1);
                yield chunk.value();
            }
            case Event.End<C> end -> {
                ended = true;
                if (end.failure().isPresent()) {
                    throw unchecked(end.failure().get());
                }
                yield null;
            }
        };
    }

    /** The next event if it is there. */
    private @Nullable Event<C> next() {
        if (Thread.currentThread().isInterrupted()) {
            throw new WaitInterruptedException("interrupted while waiting for the rest of a message");
        }
        return events.poll();
    }

    private Event<C> await() {
        Waiter self = new Waiter(Thread.currentThread(), Surrounded.surroundingsOf(source));
        // Two could not both be woken, and one of them would hang.
        if (!waiting.compareAndSet(null, self)) {
            throw new IllegalStateException("another thread reads this message already; let one read and pass on to the others");
        }
        try {
            Event<C> event;
            while ((event = next()) == null) {
                self.surroundings().park(this);
            }
            return event;
        } finally {
            waiting.set(null);
        }
    }

    private void tell(Event<C> event) {
        events.add(event);
        Waiter waiter = waiting.get();
        if (waiter != null) {
            waiter.wake();
        }
    }

    private static RuntimeException unchecked(Throwable failure) {
        return failure instanceof RuntimeException e ? e : new IllegalStateException("the message failed", failure);
    }

    /** Drops the rest; a thread that waits for it is told of the end. */
    void close() {
        closed = true; // before the subscription is looked for, which may be on its way
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
        events.clear();
        tell(new Event.End<>(Optional.empty()));
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened); // Reactive Streams 2.13
        if (subscription != null) {
            opened.cancel(); // 2.5
            return;
        }
        subscription = opened;
        if (closed) {
            opened.cancel();
        } else {
            opened.request(AHEAD);
        }
    }

    @Override
    public void onNext(C chunk) {
        tell(new Event.Chunk<>(Objects.requireNonNull(chunk))); // 2.13
    }

    @Override
    public void onError(Throwable failure) {
        tell(new Event.End<>(Optional.of(failure)));
    }

    @Override
    public void onComplete() {
        tell(new Event.End<>(Optional.empty()));
    }
}
