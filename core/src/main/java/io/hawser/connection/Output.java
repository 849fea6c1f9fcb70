// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.engine.ProtocolEngine;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a connection sends: the order of its messages, the marks of what waits, and who waits for that to become less. */
final class Output {
    /** How many bytes may be gathered before they are offered to the transport: a whole read's, echoed, with their headers. */
    private static final long GATHERED_BYTES = 288 << 10;

    /** So many times the high-water mark is a queue that nobody minds. */
    private static final int FAR_ABOVE = 16;

    private final LiveConnection live;
    private final Wire wire;
    private final WebSocketOptions options;
    private final Batches batches;
    private final ProtocolEngine engine;
    private final Outbox outbox;
    private final Backlog backlog;

    /**
     * Whether somebody was told on the loop that he may not write, and is to be told when he may; the loop's own. It goes by what the engine
     * holds. What waits in the outbox does not count, since it waits for the end of a message whose rest must leave before it.
     */
    private boolean blocked;
    /** As {@link #blocked}, for those beside the loop, to whom all counts that waits; the loop's own. */
    private boolean refused;
    /** Whether somebody is to be told when the message that is being streamed has left; the loop's own. */
    private boolean waitsForTurn;
    /** The least that has waited since it was far above the high mark; the loop's own. */
    private long leastFarAbove = Long.MAX_VALUE;

    private boolean warned;

    Output(LiveConnection live, Batches batches, ProtocolEngine engine) {
        this.live = live;
        this.wire = live.wire();
        this.options = live.options();
        this.batches = batches;
        this.engine = engine;
        this.outbox = new Outbox(live, engine);
        this.backlog = new Backlog(wire.surroundings());
    }

    // ---- for any thread

    /** Bytes that wait to leave, posted ones included; exact on the loop, and nearly so elsewhere. */
    long waitingBytes() {
        return wire.inLoop() ? backlog.postedBytes() + takenBytes() : backlog.bytes();
    }

    void send(Message message, @Nullable SendCallback callback) {
        Objects.requireNonNull(message); // here: one that waited would spoil the connection's end
        if (batches.isOpen()) {
            outbox.send(message, callback); // without a task: this is every answer's way
        } else if (wire.inLoop()) {
            batches.run(() -> live.guard(() -> outbox.send(message, callback))); // what fails is this connection, not its sender
        } else {
            long bytes = Outbox.strictBytes(message);
            backlog.post(bytes);
            batches.post(() -> {
                live.guard(() -> outbox.send(message, callback));
                backlog.take(bytes, takenBytes());
            });
        }
    }

    /** Sends a frame other than a close. */
    void send(Frame frame) {
        if (batches.isOpen()) {
            outbox.send(frame); // as above
        } else {
            batches.run(() -> outbox.send(frame));
        }
    }

    /** Closes behind all messages that were sent before, however long the last of them is. */
    void closeWhenSent(CloseStatus status) {
        batches.run(() -> outbox.whenEmpty(() -> closeNow(() -> engine.close(status, wire.nanoTime()))));
    }

    /** Closes behind all messages that were sent before; gives up a streamed one that goes on for longer than the close timeout. */
    void close(CloseStatus status) {
        batches.run(() -> {
            closeWhenSent(status);
            if (outbox.isStreaming()) {
                long patience = options.engineSettings().closeTimeout().toNanos();
                wire.schedule(
                        () -> batches.run(() -> closeNow(() -> engine.close(status, wire.nanoTime()))), patience);
            }
        });
    }

    /** Closes behind what the engine has; what has not come so far does not leave. On the loop. */
    void closeNow(Runnable close) {
        close.run();
        outbox.end();
    }

    /** Blocks while too much waits to leave. */
    void awaitWritable(BooleanSupplier ended) {
        if (waitingBytes() > options.highWaterBytes()) {
            backlog.await(options.lowWaterBytes(), ended, () -> batches.post(() -> {}));
        }
    }

    /** Whether somebody may write frames now; if not, he is told when he may. */
    boolean takesFrames() {
        if (wire.inLoop()) {
            boolean takes = backlog.postedBytes() + engine.waitingBytes() <= options.highWaterBytes();
            blocked |= !takes;
            return takes;
        }
        boolean takes = backlog.bytes() <= options.highWaterBytes();
        if (!takes) {
            batches.post(() -> refused = true);
        }
        return takes;
    }

    // ---- on the loop

    /** Whether more may be written. If not, {@link #becomesWritable} will tell. */
    boolean isWritable() {
        if (!engine.isOpen()) {
            return false; // nothing would leave: so a source that never ends is not asked for more
        }
        long unflushed = wire.unflushedBytes();
        if (unflushed > GATHERED_BYTES || engine.waitingBytes() - unflushed > options.highWaterBytes()) {
            blocked = true;
        }
        return !blocked;
    }

    /** Whether a message that is sent now would not wait behind another that is still being streamed. */
    boolean takesMessages() {
        waitsForTurn = outbox.isBusy();
        return !waitsForTurn && isWritable();
    }

    /** Whether those who could not write are to be told that they can. */
    boolean becomesWritable() {
        boolean unblocked = false;
        long waiting = engine.waitingBytes();
        if (waiting > options.highWaterBytes()) {
            blocked = true;
            noteFarAbove(waiting);
        } else if (blocked && waiting <= options.lowWaterBytes()) {
            blocked = false;
            unblocked = true;
        }
        if (refused && takenBytes() <= options.lowWaterBytes()) {
            refused = false;
            unblocked = true;
        }
        if (waitsForTurn && !outbox.isBusy()) {
            waitsForTurn = false;
            unblocked = true;
        }
        return unblocked;
    }

    /** Names a sender, once, who sends on although far too much waits; a single large message is none. */
    private void noteFarAbove(long waiting) {
        if (warned || waiting <= FAR_ABOVE * (long) options.highWaterBytes()) {
            leastFarAbove = Long.MAX_VALUE;
        } else if (waiting - options.highWaterBytes() > leastFarAbove) {
            warned = true;
            live.warn(waiting + " bytes wait to leave and become more, as the peer takes them too slowly; send with trySend(...), wait for"
                    + " isWritable() or for sendAsync(...) to complete, or abort()");
        } else {
            leastFarAbove = Math.min(leastFarAbove, waiting);
        }
    }

    /** Goes on with the message that is being streamed. */
    void goOn() {
        outbox.onWritable();
    }

    /** Offers what was written to the transport. */
    void flush() {
        wire.flush(engine.awaitsAcceptance() || engine.waitingBytes() > options.lowWaterBytes());
    }

    /** A batch is through: tells other threads what waits. */
    void publish() {
        backlog.update(takenBytes(), options.lowWaterBytes());
    }

    /** The connection is closed: nothing leaves any more. */
    void end() {
        outbox.end();
        backlog.wakeAll();
    }

    private long takenBytes() {
        return engine.waitingBytes() + outbox.waitingBytes();
    }
}
