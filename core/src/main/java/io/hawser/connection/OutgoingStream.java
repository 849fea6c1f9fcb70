// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.WaitInterruptedException;
import io.hawser.WebSocketClosedException;
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
    private final Pull pull;
    private Opcode opcode;

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
        this.pull = new Pull(() -> live.output().isWritable());
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
        signals.run(() -> pull.open(opened));
    }

    @Override
    public void onNext(C chunk) {
        Objects.requireNonNull(chunk); // 2.13
        signals.run(() -> {
            if (!pull.isEnded()) {
                pull.received();
                live.guard(() -> sendFrame(encoder.apply(chunk)));
                pull.goOn();
            }
        });
    }

    @Override
    public void onComplete() {
        signals.run(() -> {
            if (!pull.isEnded()) {
                live.guard(() -> {
                    atEnd.run();
                    pull.end();
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
            if (!pull.isEnded()) {
                // A message that has begun cannot be taken back. The end of another connection, or of a wait, is no news of
                // this connection's end: so it is wrapped.
                boolean foreign = failure instanceof WebSocketClosedException || failure instanceof WaitInterruptedException;
                live.failed(foreign ? new IllegalStateException("a streamed message cannot be finished", failure) : failure);
            }
        });
    }

    private void sendFrame(byte[] payload) {
        if (payload.length > 0) {
            engine.send(Frame.wrap(opcode, false, payload), null);
            opcode = Opcode.CONTINUATION;
        }
    }

    /** Goes on to ask, as chunks can leave again. */
    void goOn() {
        pull.goOn();
    }

    /** The connection is closed: the rest is not wanted. */
    void cancel() {
        if (pull.isEnded()) {
            return;
        }
        live.guard(pull::cancel);
        if (callback != null) {
            callback.onDone(false);
        }
    }
}
