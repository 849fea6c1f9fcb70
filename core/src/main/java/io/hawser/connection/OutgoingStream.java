// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.engine.ProtocolEngine;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends the chunks of one message, each as a frame, and an empty last one (RFC 6455, 5.4). It asks for the next chunk while the last could
 * leave. Signals may come on any thread; they take effect on the loop.
 *
 * @param <C> what a chunk is
 */
final class OutgoingStream<C> implements Flow.Subscriber<C> {
    private final LiveConnection live;
    private final Signals signals;
    private final Outbox outbox;
    private final ProtocolEngine engine;
    private final Function<? super C, byte[]> encoder;
    private final Runnable atEnd;
    private final @Nullable SendCallback callback;

    // The loop's own
    private Opcode opcode;
    private Flow.@Nullable Subscription subscription;
    private boolean requested;
    private boolean pulling;
    private boolean done;

    /**
     * A message of chunks.
     *
     * @param encoder makes a frame's payload of a chunk; throws what the chunk cannot be
     * @param atEnd throws if what came is not whole
     */
    OutgoingStream(
            LiveConnection live,
            Outbox outbox,
            ProtocolEngine engine,
            Opcode opcode,
            Function<? super C, byte[]> encoder,
            Runnable atEnd,
            @Nullable SendCallback callback) {
        this.live = live;
        this.signals = new Signals(live.batches());
        this.outbox = outbox;
        this.engine = engine;
        this.opcode = opcode;
        this.encoder = encoder;
        this.atEnd = atEnd;
        this.callback = callback;
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened); // Reactive Streams 2.13
        signals.run(() -> {
            if (subscription != null || done) {
                opened.cancel(); // 2.5: at most one subscription
            } else {
                subscription = opened;
                pull();
            }
        });
    }

    @Override
    public void onNext(C chunk) {
        Objects.requireNonNull(chunk); // 2.13
        signals.run(() -> {
            if (!done) {
                requested = false;
                live.guard(() -> sendFrame(encoder.apply(chunk)));
                pull();
            }
        });
    }

    @Override
    public void onComplete() {
        signals.run(() -> {
            if (!done) {
                live.guard(() -> {
                    atEnd.run();
                    done = true;
                    engine.send(Frame.wrap(opcode, true, new byte[0]), callback);
                    outbox.onStreamEnd();
                });
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure); // 2.13
        signals.run(() -> {
            if (!done) {
                live.failed(failure); // a message that has begun cannot be taken back
            }
        });
    }

    private void sendFrame(byte[] payload) {
        if (payload.length > 0) {
            engine.send(Frame.wrap(opcode, false, payload), null);
            opcode = Opcode.CONTINUATION;
        }
    }

    /** Asks for chunks while they can leave. A source that answers within the request does not deepen the stack. */
    void pull() {
        if (pulling) {
            return;
        }
        pulling = true;
        while (subscription != null && !done && !requested && live.output().isWritable()) {
            requested = true;
            subscription.request(1);
        }
        pulling = false;
    }

    /** The connection is closed: the rest is not wanted. */
    void cancel() {
        if (done) {
            return;
        }
        done = true;
        if (subscription != null) {
            live.guard(subscription::cancel);
        }
        if (callback != null) {
            callback.onDone(false);
        }
    }
}
