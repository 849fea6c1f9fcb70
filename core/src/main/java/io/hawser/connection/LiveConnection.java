// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.Request;
import io.hawser.TextMessage;
import io.hawser.UnexpectedMessageException;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.engine.EngineSink;
import io.hawser.protocol.engine.ProtocolEngine;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
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
    private static final SecureRandom RANDOM = new SecureRandom();
    /** How many bytes may be gathered before they are offered to the transport: a whole read's, echoed, with their headers. */
    private static final long GATHERED_BYTES = 288 << 10;

    private final Wire wire;
    private final Request request;
    private final Optional<String> subprotocol;
    private final WebSocketOptions options;
    private final Face face;
    private final ProtocolEngine engine;
    private final Batches batches;
    private final DeadlineTimer timer;
    private final Ending ending = new Ending();

    // The loop's own
    private boolean blocked;
    private long acceptedBytes;

    // Shared
    private final Backlog backlog = new Backlog();

    private LiveConnection(
            Wire wire, Request request, Optional<String> subprotocol, WebSocketHandler handler, WebSocketOptions options) {
        this.wire = wire;
        this.request = request;
        this.subprotocol = subprotocol;
        this.options = options;
        this.batches = new Batches(wire, this::endBatch, this::failed);
        this.timer = new DeadlineTimer(wire, this::expire);
        this.face = Face.of(handler, this);
        this.engine = new ProtocolEngine(
                Role.SERVER,
                options.engineSettings(),
                face.delivery(options),
                new Events(),
                new WireOutput(wire, options.engineSettings().closeTimeout().toNanos()),
                RANDOM::nextInt,
                wire.nanoTime());
    }

    /**
     * Opens a connection whose handshake is done; on the wire's loop.
     *
     * @param defaults the options under the handler's own
     */
    public static LiveConnection open(
            Wire wire,
            Request request,
            Optional<String> subprotocol,
            WebSocketHandler handler,
            WebSocketOptions defaults) {
        LiveConnection connection =
                new LiveConnection(wire, request, subprotocol, handler, handler.optionsOver(defaults));
        connection.batches.run(() -> {
            connection.face.guard(connection.face::onOpen);
            wire.open(connection.new Reading());
        });
        return connection;
    }

    // ---- for any thread

    Request request() {
        return request;
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

    /** Bytes that wait to leave, posted ones included; exact on the loop, and nearly so elsewhere. */
    long waitingBytes() {
        return wire.inLoop() ? backlog.postedBytes() + engine.waitingBytes() : backlog.bytes();
    }

    /** Whether this is the loop, within a batch. */
    boolean inBatch() {
        return batches.isOpen();
    }

    /** Runs a task on the loop, within a batch: at once if this is the loop. */
    void onLoop(Runnable task) {
        batches.run(task);
    }

    void send(Message message, @Nullable SendCallback callback) {
        Opcode opcode = message instanceof TextMessage ? Opcode.TEXT : Opcode.BINARY;
        ByteBuffer payload = message.data();
        if (batches.isOpen()) {
            engine.send(opcode, payload, callback);
        } else if (wire.inLoop()) {
            onLoop(() -> engine.send(opcode, payload, callback));
        } else {
            int bytes = payload.remaining();
            backlog.post(bytes);
            batches.post(() -> {
                engine.send(opcode, payload, callback);
                backlog.take(bytes, engine.waitingBytes());
            });
        }
    }

    void send(Frame frame) {
        if (batches.isOpen()) {
            sendNow(frame); // without a task: this is every answer's way
        } else {
            onLoop(() -> sendNow(frame));
        }
    }

    private void sendNow(Frame frame) {
        if (frame.opcode() == Opcode.CLOSE) {
            engine.close(frame, wire.nanoTime());
        } else {
            engine.send(frame, null);
        }
    }

    void ping(byte[] payload, LongConsumer onPong) {
        onLoop(() -> engine.ping(payload, onPong));
    }

    /** Begins to close; see {@link ProtocolEngine#close}. */
    public void close(CloseStatus status) {
        status.requireSendable();
        ending.ask(status);
        onLoop(() -> engine.close(status, wire.nanoTime()));
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

    /** Blocks while too much waits to leave. */
    void awaitWritable() {
        if (waitingBytes() <= options.highWaterBytes()) {
            return;
        }
        backlog.await(options.lowWaterBytes(), () -> ending() != null, () -> batches.post(() -> {}));
    }

    // ---- for the face, on the loop

    /** The face was told that it may not write, and so must be told when it may. */
    void noteRefusal() {
        if (wire.inLoop()) {
            blocked = true;
        } else {
            batches.post(() -> blocked = true);
        }
    }

    /** Whether more data may be delivered to a face that answers it. If not, the face is told when it may: {@link Face#onWritable}. */
    boolean isWritable() {
        long unflushed = wire.unflushedBytes();
        if (unflushed > GATHERED_BYTES || engine.waitingBytes() - unflushed > options.highWaterBytes()) {
            blocked = true;
        }
        return !blocked;
    }

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

    /** The handler failed. */
    void failed(Throwable cause) {
        onLoop(() -> {
            boolean told = cause instanceof WebSocketClosedException || cause instanceof WaitInterruptedException;
            if (told && ending() != null) {
                LOG.debug("handler of {} from {} was told of the end: {}", request, wire.remoteAddress(), ending());
            } else if (cause instanceof UnexpectedMessageException) {
                engine.fail(CloseStatus.of(CloseStatus.UNSUPPORTED_DATA), wire.nanoTime());
            } else {
                LOG.error("handler of {} from {} failed, closing with 1011", request, wire.remoteAddress(), cause);
                engine.fail(CloseStatus.of(CloseStatus.INTERNAL_ERROR), wire.nanoTime());
            }
        });
    }

    // ---- the loop's rhythm

    /** Offers what was written to the transport, and looks what that changes. */
    private void endBatch() {
        face.onBatchEnd();
        do {
            wire.flush(engine.awaitsAcceptance() || engine.waitingBytes() > options.lowWaterBytes());
        } while (noteAccepted());
        backlog.update(engine.waitingBytes(), options.lowWaterBytes());
        if (becomesWritable()) {
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

    /** Whether the face, which could not write, is to be told that it can. */
    private boolean becomesWritable() {
        long waiting = engine.waitingBytes();
        if (waiting > options.highWaterBytes()) {
            blocked = true;
        } else if (blocked && waiting <= options.lowWaterBytes()) {
            blocked = false;
            return true;
        }
        return false;
    }

    private void tellWritable() {
        if (ending() == null) {
            face.guard(face::onWritable);
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
            engine.expire(wire.nanoTime());
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
                if (becomesWritable()) {
                    tellWritable(); // at once, so that a read that comes with this finds demand
                }
            });
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
            face.guard(() -> face.onClosed(how));
            backlog.wakeAll();
            face.failPings(how);
            ending.complete();
        }
    }
}
