// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * A client whose connection the test plays, message by message. What it sends is handed over, in its order, and leaves while the test waits;
 * what it expects it waits for, for {@link TestOptions#within} of virtual time, while the application runs. Messages and the end are expected
 * in the order in which they came; pings, pongs and how the connection was closed beside them.
 *
 * <pre>{@code
 * test.webSocket("/greeter").send("Ada").expectText("Hello Ada").complete().expectClosed(1000);
 * }</pre>
 *
 * <p>It receives messages streamed, but by hand those of up to 64 KiB whole, unless {@code ConnectOptions.webSocket} says otherwise, and reads
 * them as they come; those that it returns are whole. Expectations that are not met throw an {@link AssertionError}, which tells what came
 * instead, what the application's code threw, and the last frames of this connection with their times.
 *
 * <p>For the test's thread.
 */
public final class Probe {
    private final Scene scene;
    private final Connection connection;
    private final ProbeHandler handler;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final Expecting expecting;
    private final Reading reading;
    /** Whether the test has ended the connection, or has seen its end. */
    private boolean endKnown;

    Probe(Scene scene, Connection connection, ProbeHandler handler) {
        this.scene = scene;
        this.connection = connection;
        this.handler = handler;
        this.incoming = handler.incoming();
        this.outgoing = handler.outgoing();
        this.expecting = new Expecting(scene, connection, handler);
        this.reading = new Reading(scene, incoming, expecting);
        incoming.belongTo(expecting);
        outgoing.belongTo(expecting);
    }

    /** The connection, of which all is as over sockets. */
    public Connection connection() {
        return connection;
    }

    /** What it receives into, by hand. */
    public Incoming incoming() {
        return incoming;
    }

    /** What it sends from, by hand. */
    public Outgoing outgoing() {
        return outgoing;
    }

    /** All frames that have passed its end of the connection so far, one a line: when, which way, what. */
    public String frames() {
        return expecting.frames();
    }

    /**
     * Changes how long, of virtual time, it waits for what it expects from now on; zero or more; default {@link TestOptions#within}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Probe within(Duration time) {
        expecting.within(time);
        return this;
    }

    // ---- sending

    /** Sends a text. */
    public Probe send(String text) {
        return send(TextMessage.of(text));
    }

    /** Sends bytes, which are copied. */
    public Probe send(byte[] bytes) {
        return send(BinaryMessage.of(bytes));
    }

    /**
     * Sends a message, whole or streamed. It leaves behind all that was sent before, when the connection takes it.
     *
     * @throws IllegalStateException if the output has ended already
     */
    public Probe send(Message message) {
        outgoing.send(message);
        return this;
    }

    /** Ends its output: behind what was sent the connection is closed with 1000, and the input goes on until the peer has closed too. */
    public Probe complete() {
        endKnown = true;
        outgoing.complete();
        return this;
    }

    /** Lets its output fail: behind what was sent the connection is closed with 1011. The failure is told nobody else. */
    public Probe fail(Throwable failure) {
        endKnown = true;
        outgoing.error(failure);
        return this;
    }

    /**
     * Closes the connection, behind what was sent.
     *
     * @throws IllegalArgumentException if the code is never sent (1005, 1006, 1015), or none, or the reason is longer than 123 bytes of UTF-8
     */
    public Probe close(int code, String reason) {
        CloseStatus status = CloseStatus.of(code, reason);
        status.requireSendable();
        endKnown = true;
        outgoing.actLast(() -> connection.closeAsync(status));
        return this;
    }

    /** Ends the transport without a close frame, without waiting for what was sent. */
    public Probe abort() {
        endKnown = true;
        outgoing.actLast(() -> {});
        connection.abort();
        return this;
    }

    // ---- messages

    /** Waits for the next message, and for all of it; the rest of one of which chunks were taken. */
    public Message expectMessage() {
        return reading.takeWhole("a message");
    }

    /**
     * Waits for the next message, and checks it.
     *
     * @param what the message that is expected, for the failure, as in "a greeting"
     */
    public Message expectMessage(Predicate<? super Message> fits, String what) {
        Message message = reading.takeWhole(what);
        if (!fits.test(message)) {
            throw expecting.failure(what, Shown.message(message) + " came");
        }
        return message;
    }

    /** Waits for the next message, which is to equal this whole one. */
    public Probe expectMessage(Message message) {
        Message came = reading.takeWhole(Shown.message(message));
        if (!message.equals(came)) {
            throw expecting.failure(Shown.message(message), Shown.message(came) + " came" + Shown.difference(message, came));
        }
        return this;
    }

    /** Waits for the next message, which is to be this text. */
    public Probe expectText(String text) {
        return expectMessage(TextMessage.of(text));
    }

    /** Waits for the next message, which is to be a text. */
    public String expectText() {
        return expectMessage(TextMessage.class::isInstance, "a text").text();
    }

    /**
     * Waits for a message that fits, drops those before it, and returns it, all within {@link TestOptions#within}; the rest of one of which
     * chunks were taken is the first. Those behind it are left.
     *
     * @param what the message that is expected, for the failure, which shows those that were dropped
     */
    public Message skipTo(Predicate<? super Message> fits, String what) {
        return reading.skipTo(fits, what);
    }

    /** Waits for this text, and drops the messages before it; see {@link #skipTo}. */
    public Probe skipToText(String text) {
        TextMessage wanted = TextMessage.of(text);
        skipTo(wanted::equals, Shown.message(wanted));
        return this;
    }

    /** Waits for the next message, which is to be these bytes, binary. */
    public Probe expectBytes(byte[] bytes) {
        return expectMessage(BinaryMessage.of(bytes));
    }

    /** Waits for the next message, which is to be binary. */
    public byte[] expectBytes() {
        ByteBuffer data = expectMessage(BinaryMessage.class::isInstance, "bytes").data();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }

    /**
     * Waits until each handler waits and nothing is left to do, and checks that no message has come that was not taken, nor an end that was not
     * expected. The clock stands still. What threads and executors of the application are yet to do is not waited for: only what Hawser has
     * begun, and stages that handlers have returned.
     */
    public Probe expectNoMessage() {
        scene.world().settle();
        return requireNoMessage("no message");
    }

    /**
     * Lets virtual time pass, and checks that no message has come meanwhile or before, nor an end that was not expected.
     *
     * @throws IllegalArgumentException if the time is negative
     */
    public Probe expectNoMessage(Duration time) {
        TestOptions.requireNotNegative("time", time);
        scene.world().advance(time);
        return requireNoMessage("no message within " + Shown.time(time));
    }

    private Probe requireNoMessage(String expected) {
        if (incoming.hasMessage()) {
            throw expecting.failure(expected, incoming.first() + " came");
        }
        if (expecting.isOver() && !endKnown) {
            throw expecting.failure(expected + " on an open connection", expecting.end());
        }
        return this;
    }

    /** Drops the messages that came and were not taken, once nothing is left to do. */
    public Probe dropMessages() {
        scene.world().settle();
        while (incoming.hasMessage()) {
            incoming.take().drop();
        }
        return this;
    }

    // ---- chunks of a message

    /** Waits for the next chunk of the message that is next, which is to be a text; chunks are cut as the peer's frames and the network cut it. */
    public String expectTextChunk() {
        return (String) reading.takeChunk("a chunk of a text", true);
    }

    /** Waits for the next chunk of the message that is next, which is to be binary. */
    public byte[] expectBytesChunk() {
        return (byte[]) reading.takeChunk("a chunk of a binary message", false);
    }

    /** Waits for the end of the message whose chunks were taken, which is to have no more of them. */
    public Probe expectEndOfMessage() {
        reading.takeEnd();
        return this;
    }

    // ---- the end

    /** Waits until the connection is closed, with this code by whichever side closed first; 1005 if it gave none, 1006 if it was cut off. */
    public Probe expectClosed(int code) {
        Closed how = awaitClosed("the connection to be closed with " + code);
        if (how.status().code() != code) {
            throw expecting.failure("the connection to be closed with " + code, expecting.end());
        }
        return this;
    }

    /** Waits until the connection is closed. All messages are to be taken before. */
    public Closed expectClosed() {
        return awaitClosed("the connection to be closed");
    }

    private Closed awaitClosed(String expected) {
        expecting.await(() -> expecting.closed() != null || incoming.hasMessage());
        Closed how = expecting.closed();
        if (how == null || incoming.hasMessage()) {
            throw expecting.failure(expected, incoming.hasMessage() ? incoming.first() + " came" : expecting.nothing());
        }
        endKnown = true;
        return how;
    }

    /** Waits until the input completes: the connection is closed as it should be, by 1000, 1001, no code, or this side's close. */
    public Probe expectCompletion() {
        String expected = "the input to complete";
        awaitEnd(expected);
        if (incoming.failure() != null) {
            throw expecting.failure(expected, expecting.end());
        }
        return this;
    }

    /**
     * Waits until the input fails.
     *
     * @param kind what it is to fail with, or what is to be the cause of that
     */
    public <T extends Throwable> T expectFailure(Class<T> kind) {
        String expected = "the input to fail with " + kind.getSimpleName();
        awaitEnd(expected);
        for (Throwable cause = incoming.failure(); cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return kind.cast(cause);
            }
        }
        throw expecting.failure(expected, incoming.failure() == null ? "it completed; " + expecting.end() : expecting.end());
    }

    private void awaitEnd(String expected) {
        expecting.await(() -> incoming.hasEnded() || incoming.hasMessage());
        if (incoming.hasMessage() || !incoming.hasEnded()) {
            throw expecting.failure(expected, incoming.hasMessage() ? incoming.first() + " came" : expecting.nothing());
        }
        endKnown = true;
    }

    // ---- pings and pongs

    /**
     * Pings, and waits for the pong.
     *
     * @return the round trip, of virtual time
     */
    public Duration ping() {
        CompletableFuture<Duration> pong = connection.pingAsync().toCompletableFuture();
        if (!expecting.await(pong::isDone) || pong.isCompletedExceptionally()) {
            throw expecting.failure("the pong to a ping", pong.isDone() ? expecting.end() : expecting.nothing());
        }
        return pong.join();
    }

    /** Waits for a ping, beside messages; it is answered already. Pings are expected in their order. */
    public Frame expectPing() {
        return takeControl(Opcode.PING, "a ping");
    }

    /** Waits for a pong, beside messages; the answers to {@link #ping} are among them. */
    public Frame expectPong() {
        return takeControl(Opcode.PONG, "a pong");
    }

    private Frame takeControl(Opcode opcode, String expected) {
        ArrayDeque<Frame> came = handler.controls(opcode);
        expecting.await(() -> !came.isEmpty() || expecting.isOver());
        if (came.isEmpty()) {
            throw expecting.failure(expected, expecting.noMessage());
        }
        return came.remove();
    }

    // ---- faults

    /** What goes wrong with what the probe sends. */
    public Faults toServer() {
        return new Faults(expecting.strand().toServer());
    }

    /** What goes wrong with what the probe receives. */
    public Faults toClient() {
        return new Faults(expecting.strand().toClient());
    }

    /**
     * What has passed the probe's connection so far, for a file or for {@link HawserTest#play}. First it lets everything happen that can while the
     * clock stands still, so that the end of one that is closed is there as well.
     */
    public Recording recording() {
        scene.world().settle();
        return Recording.of(expecting.strand(), /* client= */ true);
    }

    /** As in "probe of GET /room". */
    @Override
    public String toString() {
        return "probe of " + expecting.strand().request();
    }
}
