// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.http.BodyLength;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a publisher gives. It asks for the next chunk while the channel takes more, so that a slow peer stops the source. Signals may
 * come on any thread; they take effect on the loop, in their order.
 */
final class StreamPart implements BodyPart, Flow.Subscriber<ByteBuffer> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamPart.class);

    private final BodyWriter out;
    private final LoopTasks tasks;
    private final Flow.Publisher<ByteBuffer> chunks;
    private final BodyLength length;

    /** Signals that came on other threads and are on their way. */
    private final AtomicInteger underWay = new AtomicInteger();

    // The loop's own
    private Flow.@Nullable Subscription subscription;
    /** What is left of the last chunk. */
    private BytesPart rest;
    private boolean subscribed;
    private boolean requested;
    private boolean asking;
    private boolean completed;
    private boolean cancelled;

    /**
     * Not subscribed so far.
     *
     * @param length how many bytes are to come, if that was said
     */
    StreamPart(BodyWriter out, Flow.Publisher<ByteBuffer> chunks, OptionalLong length) {
        this.out = out;
        this.tasks = LoopTasks.of(out.context().channel().eventLoop());
        this.chunks = chunks;
        this.length = new BodyLength(length);
        this.rest = new BytesPart(out, ByteBuffer.allocate(0));
    }

    @Override
    public boolean goOn() {
        if (!subscribed) {
            subscribed = true;
            chunks.subscribe(this);
        }
        if (!asking) { // a source that answers within the request does not deepen the stack
            asking = true;
            while (rest.goOn() && subscription != null && !isEnded() && !requested && out.isWritable()) {
                requested = true;
                subscription.request(1);
            }
            asking = false;
        }
        return completed && rest.goOn();
    }

    private boolean isEnded() {
        return completed || cancelled;
    }

    @Override
    public void cancel() {
        cancelled = true;
        cancelSubscription();
    }

    private void cancelSubscription() {
        Flow.Subscription opened = subscription;
        subscription = null;
        if (opened != null) {
            try {
                opened.cancel(); // Reactive Streams 2.7: on the loop, as requests are
            } catch (RuntimeException failure) { // 3.15: it must not
                LOG.error("cancelling the body of a response failed", failure);
            }
        }
    }

    // ---- signals

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened); // Reactive Streams 2.13
        run(() -> {
            if (subscription != null || isEnded()) {
                opened.cancel(); // 2.5: at most one subscription; 2.12: none twice
            } else {
                subscription = opened;
                out.goOn();
            }
        });
    }

    @Override
    public void onNext(ByteBuffer chunk) {
        Objects.requireNonNull(chunk); // 2.13
        ByteBuffer view = chunk.duplicate();
        run(() -> {
            if (!isEnded()) { // 2.8: signals may still come after cancel()
                requireRequested();
                requested = false;
                length.add(view.remaining());
                rest = new BytesPart(out, view);
                out.goOn();
            }
        });
    }

    /** 1.1: no more than was asked for; else what is left of the chunk before would be lost, and nobody would know. */
    private void requireRequested() {
        if (!requested) {
            throw new IllegalStateException("the publisher of a response's body gives more chunks than were asked for");
        }
    }

    @Override
    public void onComplete() {
        run(() -> {
            if (isEnded()) {
                return;
            }
            subscription = null; // 2.4: it counts as cancelled
            length.end();
            completed = true;
            out.goOn();
        });
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure); // 2.13
        run(() -> {
            if (!isEnded()) {
                subscription = null; // 2.4
                out.fail(failure);
            }
        });
    }

    /** A signal that comes on the loop waits behind those that came on other threads and are on their way. */
    private void run(Runnable signal) {
        if (underWay.get() == 0 && out.context().executor().inEventLoop()) {
            guard(signal);
        } else {
            underWay.incrementAndGet();
            tasks.execute(() -> {
                underWay.decrementAndGet();
                guard(signal);
            });
        }
    }

    private void guard(Runnable signal) {
        try {
            signal.run();
        } catch (RuntimeException | Error failure) { // no memory for a chunk, say; 2.13: not the publisher's concern
            out.fail(failure);
        }
    }
}
