// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Hands the chunks of a publisher over to a thread that waits for them, two under way at a time. */
final class ChunkQueue<C> implements Flow.Subscriber<C> {
    private static final int AHEAD = 2;

    private final LinkedBlockingQueue<Event<C>> events = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;
    private boolean ended;

    /** What a publisher says. */
    private sealed interface Event<C> {
        record Chunk<C>(C value) implements Event<C> {}

        record End<C>(Optional<Throwable> failure) implements Event<C> {}
    }

    /** A queue of what the publisher has. */
    static <C> ChunkQueue<C> of(Flow.Publisher<C> chunks) {
        ChunkQueue<C> queue = new ChunkQueue<>();
        chunks.subscribe(queue);
        return queue;
    }

    /**
     * Waits for the next chunk.
     *
     * @return null at the end
     * @throws WaitInterruptedException if the thread is interrupted, whose flag stays set; nothing is lost
     */
    @Nullable C take() {
        if (ended || closed) {
            return null;
        }
        Event<C> event;
        try {
            event = events.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while waiting for the rest of a message");
        }
        return switch (event) {
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
        events.add(new Event.End<>(Optional.empty()));
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
        events.add(new Event.Chunk<>(Objects.requireNonNull(chunk))); // 2.13
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event.End<>(Optional.of(failure)));
    }

    @Override
    public void onComplete() {
        events.add(new Event.End<>(Optional.empty()));
    }
}
