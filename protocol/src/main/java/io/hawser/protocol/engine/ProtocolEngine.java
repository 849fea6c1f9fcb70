// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.stage.AutoPong;
import io.hawser.protocol.stage.CloseHandshake;
import io.hawser.protocol.stage.ControlSink;
import io.hawser.protocol.stage.RoundTrips;
import io.hawser.protocol.stage.StageClock;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One side of one open WebSocket connection: bytes in, callbacks and bytes out. Its owner offers what the transport received,
 * tells what the transport accepted, and wakes it at its deadline; the engine keeps no clock, no thread and no buffer of its
 * owner's. Confined to one thread.
 *
 * <p>Every call that takes {@code nowNanos} sets the engine's clock, which must not run backwards.
 */
public final class ProtocolEngine {
    /** The deadline that never comes. */
    public static final long NEVER = StageClock.NEVER;

    private final EngineSettings settings;
    private final EngineSink sink;
    private final Outbound outbound;
    private final StageClock clock;
    private final OutgoingFrames outgoing;
    private final Sends sends;
    private final IncomingFrames incoming;
    private final RoundTrips roundTrips;
    private final CloseHandshake closing;
    private final Silence silence;
    private final Timeout output;
    /** Runs while a violation waits for the application to catch up. */
    private final Timeout catchingUp;

    private @Nullable ProtocolViolation violation;
    private boolean inputEnded;
    private boolean waitsForTransportEnd;
    /** Whether the output is ended, or {@link #lost}. */
    private boolean finished;
    /** Whether the transport is gone or cut. */
    private boolean lost;

    /**
     * An engine of a connection whose opening handshake is done.
     *
     * @param role the side it plays
     * @param settings how it behaves
     * @param delivery in which pieces data is delivered, and to whom
     * @param sink told of everything else
     * @param outbound where bytes go
     * @param keys masking keys; asked only where {@code role} is the client's
     * @param nowNanos the present instant of a monotonic clock, in nanoseconds
     * @param host has the user's stages, which {@link #openStages} opens before anything is received or sent; null if there are none
     * @throws IllegalArgumentException if whole messages or frames are to be delivered that may be larger than an array can be
     */
    public ProtocolEngine(
            Role role,
            EngineSettings settings,
            Delivery delivery,
            EngineSink sink,
            Outbound outbound,
            MaskingKeys keys,
            long nowNanos,
            @Nullable StageHost host) {
        this.settings = settings;
        this.sink = sink;
        this.outbound = outbound;
        this.clock = new StageClock(nowNanos);
        this.outgoing = new OutgoingFrames(role, keys, outbound, settings.deflate());
        this.sends = new Sends(outgoing, settings.fragmentBytes(), host, this::fail);
        this.closing = new CloseHandshake(sends, clock, new ControlEvents(sink), (status, local, clean, violation) -> {
            // RFC 6455 7.1.1: the client SHOULD wait for the server to close the TCP connection; behind a fault, too.
            waitsForTransportEnd = role == Role.CLIENT;
            stopInput();
            sends.onClosed();
            sink.onClosed(status, local, clean, violation);
        });
        ControlSink answering = settings.autoPong() ? new AutoPong(sends, closing) : closing;
        this.roundTrips = new RoundTrips(sends, clock, settings.limits().controlFramesPerSecond(), answering);
        this.incoming = new IncomingFrames(role, settings, delivery, roundTrips, clock, sends.stages());
        this.silence = new Silence(settings, roundTrips, sends, clock);
        this.output = new Timeout(settings.noProgressTimeout(), clock);
        this.catchingUp = new Timeout(settings.closeTimeout(), clock);
    }

    /** Opens the user's stages, where there are any; they may send already. */
    public void openStages() {
        sends.openStages();
    }

    // ---- input

    /**
     * Takes bytes that the transport received, and advances the position over what it consumed. What is left waits for {@link
     * #request}: it must be offered again, unaltered and in front of what follows, and nothing more should be read meanwhile.
     *
     * @param in borrowed until this returns; payload in it is unmasked in place
     */
    public void receive(ByteBuffer in, long nowNanos) {
        clock.set(nowNanos);
        if (in.hasRemaining()) {
            silence.breakOff();
        }
        boolean heldBefore = incoming.isHeldBack();
        try {
            incoming.parse(in);
        } catch (ProtocolViolation found) {
            if (closing.state() != CloseHandshake.State.CLOSED) {
                violation = found;
                catchingUp.start();
            }
        }
        if (heldBefore && !incoming.isHeldBack()) {
            silence.breakOff(); // the peer's silence begins anew: it was we who did not listen
        }
        if (violation != null && sink.isCaughtUp()) {
            actOnViolation();
        }
        settle();
    }

    /** The peer has ended its output: no more bytes follow. */
    public void receiveEnd(long nowNanos) {
        clock.set(nowNanos);
        inputEnded = true;
        // A violation that waits is still to be acted upon: it came first.
        if (violation == null) {
            closing.cutOff(
                    incoming.isInsideFrame() ? "the connection ended inside a frame" : "the connection ended without a close");
        }
        settle();
    }

    /** The transport is gone, by whatever cause: nothing more comes, nothing more leaves. */
    public void transportClosed(String how, long nowNanos) {
        clock.set(nowNanos);
        inputEnded = true;
        lose(how);
        settle();
    }

    /**
     * Adds to the demand for data. Bytes that were left must then be {@linkplain #receive offered again}, with an empty buffer
     * if {@link #isHeldBack} says that data waits although no bytes do.
     *
     * @param pieces 1 or more; {@link Long#MAX_VALUE} for no bound
     */
    public void request(long pieces) {
        incoming.request(pieces);
    }

    /** Whether data has come that waits for demand, so that reading should stop. */
    public boolean isHeldBack() {
        return incoming.isHeldBack();
    }

    /** Within a delivery, the masking key of its frame, of joined fragments the last one's; empty at a client. */
    public OptionalInt maskingKey() {
        return incoming.maskingKey();
    }

    /** The application has dealt with all data that was delivered; see {@link EngineSink#isCaughtUp}. */
    public void caughtUp(long nowNanos) {
        clock.set(nowNanos);
        if (violation != null) {
            actOnViolation();
        }
        settle();
    }

    private void actOnViolation() {
        ProtocolViolation found = Objects.requireNonNull(violation);
        violation = null;
        closing.fail(found.status(), found);
    }

    // ---- output

    /**
     * Sends a whole text or binary message as one frame, or as fragments where it is longer than one may be, or large and others wait.
     *
     * @param opcode {@link Opcode#TEXT}, whose payload must be UTF-8, or {@link Opcode#BINARY}
     * @param payload read from position to limit, which stay; must not be altered until the callback
     * @param callback told what became of it, if not null; of a connection that is closing it is refused
     */
    public void send(Opcode opcode, ByteBuffer payload, @Nullable SendCallback callback) {
        sends.message(opcode, payload, callback);
    }

    /** Sends a whole message that other connections are sent too, so that it is compressed once; otherwise as the one above. */
    public void send(PermessageDeflate.Shared message, @Nullable SendCallback callback) {
        sends.message(message, callback);
    }

    /**
     * Sends a frame as it is. Fragments of a message must be sent in sequence, with no other data frame between them.
     *
     * @param callback told what became of it, if not null; of a connection that is closing it is refused
     * @throws IllegalArgumentException for a close frame, which goes through {@link #close}
     */
    public void send(Frame frame, @Nullable SendCallback callback) {
        if (frame.opcode() == Opcode.CLOSE) {
            throw new IllegalArgumentException("a close frame is sent by close(CloseStatus)");
        } else if (frame.opcode() == Opcode.PING) {
            roundTrips.ping(frame, false, callback, sink::onRoundTrip);
        } else {
            sends.frame(frame, callback);
        }
    }

    /**
     * Sends a ping.
     *
     * @param payload at most 125 bytes; different from those of pings that are still unanswered, as it matches the pong
     * @param onPong gets the round-trip time in nanoseconds; not called if no pong comes
     * @throws IllegalArgumentException if the payload is longer
     */
    public void ping(byte[] payload, LongConsumer onPong) {
        roundTrips.ping(Frame.ping(payload), false, null, onPong);
    }

    /**
     * Begins to close: what is queued leaves first, nothing follows. Data is still taken until the peer's close frame or the
     * deadline. Does nothing if the connection is closing already.
     *
     * @throws IllegalArgumentException if the status is never sent (1005, 1006, 1015)
     */
    public void close(CloseStatus status, long nowNanos) {
        status.requireSendable();
        clock.set(nowNanos);
        closing.close(status);
        settle();
    }

    /** Begins to close with a frame that was put together by hand, whose {@link #closeStatus} is legal. */
    public void close(Frame frame, long nowNanos) {
        clock.set(nowNanos);
        closing.close(closeStatus(frame));
        settle();
    }

    /** The status in a close frame; {@link IllegalArgumentException} if its body is not legal (RFC 6455, 5.5.1 and 7.4). */
    public static CloseStatus closeStatus(Frame close) {
        return CloseHandshake.statusOf(close);
    }

    /**
     * Ends the connection because this side cannot go on: like {@link #close}, but the peer is not waited for and no more data is
     * taken.
     *
     * @throws IllegalArgumentException if the status is never sent (1005, 1006, 1015)
     */
    public void fail(CloseStatus status, long nowNanos) {
        status.requireSendable();
        clock.set(nowNanos);
        closing.fail(status, null);
        settle();
    }

    /** Cuts the connection off without a word. */
    public void abort(String how, long nowNanos) {
        clock.set(nowNanos);
        cut(how);
        settle();
    }

    /**
     * The transport has accepted bytes.
     *
     * @param total how many in all, of those that were written to {@link Outbound}
     */
    public void onAccepted(long total, long nowNanos) {
        clock.set(nowNanos);
        if (outgoing.onAccepted(total)) {
            output.start();
        }
        outgoing.flush();
        settle();
    }

    /** Bytes that wait to leave: payloads that are queued, and frames that the transport has not accepted. */
    public long waitingBytes() {
        return outgoing.waitingBytes();
    }

    /** Whether a frame waits for the transport's acceptance, so that it should be told as soon as that comes. */
    public boolean awaitsAcceptance() {
        return outgoing.awaitsAcceptance();
    }

    /** Whether data may still be sent: neither side has closed. */
    public boolean isOpen() {
        return closing.state() == CloseHandshake.State.OPEN;
    }

    /** Whether the connection was closed in the middle of a message, which is lost. */
    public boolean isMessageCutOff() {
        return incoming.isMessageCutOff();
    }

    // ---- time

    /** When {@link #expire} must be called if nothing else happens before; {@link #NEVER} if it need not. */
    public long deadlineNanos() {
        long left = Math.min(output.nanosLeft(), catchingUp.nanosLeft());
        if (outgoing.isWaiting() && !output.isRunning()) {
            // A send does not tell the time: expire is to note since when its bytes wait.
            left = 0;
        }
        if (closing.state() == CloseHandshake.State.OPEN) {
            if (!incoming.isHeldBack()) {
                left = Math.min(left, Math.min(silence.nanosLeft(), incoming.unfinishedMessageNanosLeft()));
            }
        } else if (!finished) {
            left = Math.min(left, closing.nanosLeft(settings.closeTimeout()));
        }
        return left == NEVER ? NEVER : clock.nanos() + Math.max(0, left);
    }

    /** Does what is due at this instant; harmless if nothing is. */
    public void expire(long nowNanos) {
        clock.set(nowNanos);
        if (output.nanosLeft() <= 0) {
            cut("the peer took none of the bytes that wait for it");
        }
        if (catchingUp.nanosLeft() <= 0) {
            actOnViolation();
        }
        if (closing.state() == CloseHandshake.State.OPEN) {
            if (!incoming.isHeldBack()) {
                expireOpen();
            }
        } else if (!finished && closing.nanosLeft(settings.closeTimeout()) <= 0) {
            cut("the peer did not answer the close");
        }
        settle();
    }

    private void expireOpen() {
        if (incoming.unfinishedMessageNanosLeft() <= 0) {
            violation = IncomingFrames.unfinished();
            actOnViolation();
            return;
        }
        Silence.Verdict verdict = silence.judge();
        if (verdict == Silence.Verdict.IDLE) {
            closing.close(CloseStatus.of(CloseStatus.GOING_AWAY, "idle"));
        } else if (verdict == Silence.Verdict.DEAD) {
            cut("nothing came within " + settings.keepAliveTimeout() + " of a ping");
        }
    }

    private void stopInput() {
        incoming.stop();
        catchingUp.stop();
        violation = null;
        outgoing.refuse();
    }

    /** After every call: notes whether output waits, and ends the transport when all is said. */
    private void settle() {
        if (!outgoing.isWaiting()) {
            output.stop();
        } else if (!output.isRunning()) {
            output.start();
        }
        boolean said = closing.state() == CloseHandshake.State.CLOSED && outgoing.isDrained();
        if (!finished && said && (inputEnded || !waitsForTransportEnd)) {
            finished = true;
            outbound.end();
        }
    }

    private void cut(String how) {
        if (!lost) {
            lose(how);
            outbound.cut();
        }
    }

    private void lose(String how) {
        lost = true;
        finished = true;
        closing.cutOff(how);
        outgoing.end();
    }
}
