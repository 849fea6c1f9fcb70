// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.MessageTooLargeException;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.UnexpectedMessageException;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.engine.EngineSink;
import io.hawser.protocol.engine.ProtocolEngine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open connection: the engine, its wire and the face above. The engine is touched on the wire's loop only; what other threads ask for
 * goes through a mailbox. Whatever happens on the loop happens within a batch, at whose end the connection flushes.
 */
public final class LiveConnection {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConnection.class);

    private final Wire wire;
    private final Request request;
    private final Response response;
    private final Optional<String> subprotocol;
    private final WebSocketOptions options;
    private final Face face;
    /** The user's stages; null if there are none. */
    private final @Nullable StageTimers stages;
    private final ProtocolEngine engine;
    private final Batches batches;
    private final Output output;
    private final DeadlineTimer timer;
    private final Ending ending = new Ending();

    // The loop's own
    private long acceptedBytes;

    private LiveConnection(Wire wire, Opening opening) {
        this.wire = wire;
        this.request = opening.request();
        this.response = opening.response();
        this.subprotocol = response.headers().firstValue("Sec-WebSocket-Protocol");
        this.options = opening.options();
        this.batches = new Batches(wire, request, this::endBatch, this::failed);
        this.timer = new DeadlineTimer(wire, this::expire);
        this.face = opening.face().apply(this);
        this.stages = StageTimers.of(this);
        this.engine = new ProtocolEngine(
                opening.role(),
                opening.engineSettings(),
                face.delivery(),
                new Events(),
                new WireOutput(wire, options.engineSettings().closeTimeout().toNanos()),
                opening.keys(),
                wire.nanoTime(),
                stages);
        this.output = new Output(this, batches, engine);
    }

    /** Opens a connection whose handshake is done; on the wire's loop. */
    public static LiveConnection open(Wire wire, Opening opening) {
        LiveConnection connection = new LiveConnection(wire, opening);
        connection.batches.run(() -> {
            wire.open(connection.new Reading());
            connection.engine.openStages();
            if (connection.ending() == null) {
                connection.guard(connection.face::onOpen);
            }
        });
        return connection;
    }

    // ---- for any thread

    /** The connection as the application sees it, in its face. */
    public Connection connection() {
        return face;
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    Optional<String> subprotocol() {
        return subprotocol;
    }

    WebSocketOptions options() {
        return options;
    }

    Wire wire() {
        return wire;
    }

    /** Completes when the connection is closed; never fails. */
    public CompletionStage<Closed> closed() {
        return ending.done();
    }

    /** How the connection ended; null while it has not. */
    @Nullable Closed ending() {
        return ending.how();
    }

    /** How the connection ends, in all that is known of it. */
    Ending end() {
        return ending;
    }

    /** The rhythm of this connection. */
    Batches batches() {
        return batches;
    }

    /** What leaves. */
    Output output() {
        return output;
    }

    /** Whether this is the loop, within a batch. */
    boolean inBatch() {
        return batches.isOpen();
    }

    /** Runs a task on the loop, within a batch: at once if this is the loop. */
    void onLoop(Runnable task) {
        batches.run(task);
    }

    void ping(byte[] payload, LongConsumer onPong) {
        onLoop(() -> engine.ping(payload, onPong));
    }

    /** Begins to close; see {@link ProtocolEngine#close}. */
    public void close(CloseStatus status) {
        status.requireSendable();
        ending.ask(status);
        output.close(status);
    }

    /**
     * Begins to close with a frame that was put together by hand.
     *
     * @throws IllegalArgumentException if its body is not legal
     */
    void close(Frame frame) {
        ending.ask(ProtocolEngine.closeStatus(frame));
        onLoop(() -> output.closeNow(() -> engine.close(frame, wire.nanoTime())));
    }

    /** The handler is done: closes with 1000 when all that it sent has left. */
    void completed() {
        CloseStatus status = CloseStatus.of(CloseStatus.NORMAL);
        ending.ask(status);
        output.closeWhenSent(status);
    }

    /** Cuts the connection off, and interrupts a handler that runs on a thread of its own. */
    public void abort(String how) {
        cut(how);
        face.interrupt();
    }

    /** Cuts the connection off. */
    void cut(String how) {
        onLoop(() -> engine.abort(how, wire.nanoTime()));
    }

    /** Refuses a blocking call where it would hold up all connections of a loop. */
    void requireOffLoop() {
        if (wire.inLoop()) {
            throw new IllegalStateException("a blocking call on an event loop; use a thread of your own");
        }
    }

    /** Tells whoever runs the server of something that the application should mend. */
    void warn(String what) {
        LOG.warn("{} from {}: {}", request.path(), wire.remoteAddress(), what);
    }

    /** Runs what may fail in the application, of whatever cause: then the connection fails, and nothing else. */
    void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) { // an Error of a handler, too, is no reason to end the loop
            failed(failure);
        }
    }

    /** A ping was answered. */
    void onRoundTrip(Duration time) {
        face.onRoundTrip(time);
    }

    // ---- for the face, on the loop

    /** The masking key of the frame that is being delivered; see {@link ProtocolEngine#maskingKey}. */
    OptionalInt maskingKey() {
        return engine.maskingKey();
    }

    /** Adds to the demand, and goes on with data that was held back. */
    void request(long pieces) {
        engine.request(pieces);
        if (engine.isHeldBack()) {
            wire.resumeReading();
        }
    }

    /** The application has dealt with what was delivered; see {@link EngineSink#isCaughtUp}. */
    void caughtUp() {
        engine.caughtUp(wire.nanoTime());
    }

    /** Ends the connection because of the peer, or of the application's neglect. */
    void fail(CloseStatus status) {
        onLoop(() -> engine.fail(status, wire.nanoTime()));
    }

    /** The handler failed. */
    void failed(Throwable cause) {
        onLoop(() -> {
            boolean told = cause instanceof WebSocketClosedException || cause instanceof WaitInterruptedException;
            if (told && ending.known() != null) {
                LOG.debug("handler of {} from {} was told of the end: {}", request, wire.remoteAddress(), ending.known());
            } else if (cause instanceof UnexpectedMessageException) {
                engine.fail(CloseStatus.of(CloseStatus.UNSUPPORTED_DATA), wire.nanoTime());
            } else if (cause instanceof MessageTooLargeException) {
                engine.fail(CloseStatus.of(CloseStatus.TOO_BIG), wire.nanoTime());
            } else {
                LOG.error("handler of {} from {} failed, closing with 1011", request, wire.remoteAddress(), cause);
                engine.fail(CloseStatus.of(CloseStatus.INTERNAL_ERROR), wire.nanoTime());
                wire.surroundings().onFailure(cause);
            }
        });
    }

    // ---- the loop's rhythm

    /** Offers what was written to the transport, and looks what that changes. */
    private void endBatch() {
        face.onBatchEnd();
        do {
            output.flush();
        } while (noteAccepted());
        output.publish();
        if (output.becomesWritable()) {
            // In a later turn of the loop: a face that can write for ever must let it read as well.
            batches.post(this::tellWritable);
        }
        setTimer();
    }

    /** Whether the transport's progress made the engine write more. */
    private boolean noteAccepted() {
        long accepted = wire.acceptedBytes();
        if (accepted == acceptedBytes) {
            return false;
        }
        acceptedBytes = accepted;
        engine.onAccepted(accepted, wire.nanoTime());
        return wire.unflushedBytes() > 0;
    }

    private void tellWritable() {
        if (ending() == null) {
            guard(output::goOn);
            guard(face::onWritable);
        }
    }

    private void setTimer() {
        long deadline = engine.deadlineNanos();
        if (deadline != ProtocolEngine.NEVER) {
            timer.setBy(deadline);
        }
    }

    private void expire() {
        onLoop(() -> {
            noteAccepted();
            guard(() -> engine.expire(wire.nanoTime())); // which may ask the application for a ping's payload
        });
    }

    /** From the wire to the engine. */
    private final class Reading implements WireListener {
        @Override
        public boolean onRead(ByteBuffer bytes) {
            batches.begin();
            engine.receive(bytes, wire.nanoTime());
            return !engine.isHeldBack();
        }

        @Override
        public void onReadComplete() {
            batches.end();
        }

        @Override
        public void onInputEnd() {
            onLoop(() -> engine.receiveEnd(wire.nanoTime()));
        }

        @Override
        public void onAccepted() {
            if (batches.isOpen()) {
                return; // a batch that is being ended looks by itself
            }
            onLoop(() -> {
                noteAccepted();
                if (output.becomesWritable()) {
                    tellWritable(); // at once, so that a read that comes with this finds demand
                }
            });
        }

        @Override
        public void onFailure(Throwable cause) {
            LOG.error("{} from {} failed on its event loop, closing with 1011", request, wire.remoteAddress(), cause);
            fail(CloseStatus.of(CloseStatus.INTERNAL_ERROR));
            batches.end(); // the one that was broken off, if any
        }

        @Override
        public void onClosed(String how) {
            timer.cancel();
            onLoop(() -> engine.transportClosed(how, wire.nanoTime()));
        }
    }

    /** From the engine to the face. */
    private final class Events implements EngineSink {
        @Override
        public void onPing(byte[] payload) {
            face.onPing(payload);
        }

        @Override
        public void onPong(byte[] payload) {
            face.onPong(payload);
        }

        @Override
        public void onRoundTrip(long nanos) {
            face.onRoundTrip(Duration.ofNanos(nanos));
        }

        @Override
        public boolean isCaughtUp() {
            if (batches.isMailboxEmpty()) {
                return face.isCaughtUp();
            }
            // Other threads have sent something already: looks again behind that.
            batches.post(() -> {
                if (face.isCaughtUp()) {
                    caughtUp();
                }
            });
            return false;
        }

        @Override
        public void onClosed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation fault) {
            Closed how = new Closed(status, local, clean);
            ending.end(how, fault, engine.isMessageCutOff());
            if (fault != null) {
                LOG.debug("{} from {} broke RFC 6455, {}: {}", request, wire.remoteAddress(), fault.section(), status);
            }
            output.end();
            if (stages != null) {
                stages.cancelAll();
            }
            guard(() -> face.onClosed(how));
            face.failPings(how);
            ending.complete();
        }
    }
}
