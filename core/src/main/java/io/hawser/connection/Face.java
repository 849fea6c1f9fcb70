// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Attribute;
import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.Delivery;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a connection and the application's function, in one of the faces; and what all faces have in common. The hooks are
 * called on the loop.
 */
abstract class Face implements Connection {
    final LiveConnection live;
    private final Attributes attributes;
    private final int hash;
    /** Pings whose pong is awaited; the loop's own. */
    private final Map<Long, CompletableFuture<Duration>> pings = new HashMap<>(0);
    /** Draws the payloads of pings; the loop's own. */
    private final RandomGenerator chance;
    /** Told of pings and pongs, if somebody wants to be; the loop's own. */
    private @Nullable Consumer<? super Frame> onControl;

    Face(LiveConnection live) {
        this.live = live;
        this.attributes = new Attributes(live.request());
        this.chance = live.wire().surroundings().newChance();
        this.hash = chance.nextInt();
    }

    /** By chance of the surroundings: so that a test in which connections are kept in a table goes the same way each time. */
    @Override
    public final int hashCode() {
        return hash;
    }

    /** The face of a handler. */
    static Face of(WebSocketHandler handler, LiveConnection live) {
        return switch (handler.face()) {
            case WebSocketHandler.Face.Each each -> new EachFace(live, each.answer());
            case WebSocketHandler.Face.EachAsync each -> new EachAsyncFace(live, each);
            case WebSocketHandler.Face.Streams streams -> new StreamsFace(live, streams.answer());
            case WebSocketHandler.Face.Direct direct -> new DirectFace(live, direct.body());
            case WebSocketHandler.Face.Frames frames -> new FramesFace(live, frames.open());
            case WebSocketHandler.Face.RawFrames frames -> new RawFramesFace(live, frames.open());
        };
    }

    /** In which pieces data is to come, and to whom. */
    abstract Delivery delivery();

    /** The connection is open; may throw what the application throws. */
    abstract void onOpen();

    /** The connection is closed; may throw what the application throws. */
    abstract void onClosed(Closed how);

    /** Less than the low-water mark waits to leave, after it was more than the high one; may throw what the application throws. */
    void onWritable() {}

    /** A batch of data is through. */
    void onBatchEnd() {}

    void onPing(byte[] payload) {
        tellControl(Opcode.PING, payload);
    }

    void onPong(byte[] payload) {
        tellControl(Opcode.PONG, payload);
    }

    private void tellControl(Opcode opcode, byte[] payload) {
        Consumer<? super Frame> listener = onControl;
        if (listener != null) {
            Frame frame = received(opcode, true, payload);
            guard(() -> listener.accept(frame));
        }
    }

    /** A round trip was measured. */
    void onRoundTrip(Duration time) {}

    /** What was received, with the key that it came masked with. */
    final Frame received(Opcode opcode, boolean fin, byte[] payload) {
        Frame frame = Frame.wrap(opcode, fin, payload);
        OptionalInt key = live.maskingKey();
        return key.isPresent() ? frame.withMaskingKey(key.getAsInt()) : frame;
    }

    /** Whether the application has dealt with all that was delivered. */
    boolean isCaughtUp() {
        return true;
    }

    /** Ends the waits of a handler that runs on a thread of its own; any thread may call it. */
    void interrupt() {}

    /** Runs what may fail in the application; see {@link LiveConnection#guard}. */
    final void guard(Runnable action) {
        live.guard(action);
    }

    @Override
    public final Request request() {
        return live.request();
    }

    @Override
    public final Response response() {
        return live.response();
    }

    @Override
    public final Optional<String> subprotocol() {
        return live.subprotocol();
    }

    @Override
    public final SocketAddress remoteAddress() {
        return live.wire().remoteAddress();
    }

    @Override
    public final SocketAddress localAddress() {
        return live.wire().localAddress();
    }

    @Override
    public final Optional<Principal> principal() {
        return live.wire().principal();
    }

    @Override
    public final <T> Optional<T> get(Attribute<T> key) {
        return attributes.get(key);
    }

    @Override
    public final <T> void set(Attribute<T> key, T value) {
        attributes.set(key, value);
    }

    @Override
    public final void remove(Attribute<?> key) {
        attributes.remove(key);
    }

    @Override
    public final boolean trySend(Message message) {
        if (live.end().known() != null || live.output().waitingBytes() > live.options().highWaterBytes()) {
            return false;
        }
        live.output().send(message, null);
        return true;
    }

    @Override
    public final CompletionStage<Void> sendAsync(Message message) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        live.output().send(message, accepted -> {
            if (accepted) {
                sent.complete(null);
            } else {
                // Refused while closing, or cut off: either way told when the end is known.
                live.closed().thenAccept(how -> sent.completeExceptionally(new WebSocketClosedException(how, null)));
            }
        });
        return sent;
    }

    @Override
    public final CompletionStage<Duration> pingAsync() {
        CompletableFuture<Duration> roundTrip = new CompletableFuture<>();
        live.onLoop(() -> {
            Closed how = live.ending();
            if (how != null) {
                roundTrip.completeExceptionally(new WebSocketClosedException(how, null));
                return;
            }
            long number = chance.nextLong();
            byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            pings.put(number, roundTrip);
            live.ping(payload, nanos -> {
                pings.remove(number);
                Duration time = Duration.ofNanos(nanos);
                roundTrip.complete(time);
                onRoundTrip(time);
            });
        });
        return roundTrip;
    }

    /** No pong comes any more. */
    final void failPings(Closed how) {
        pings.values().forEach(ping -> ping.completeExceptionally(new WebSocketClosedException(how, null)));
        pings.clear();
    }

    @Override
    public final void onControl(Consumer<? super Frame> listener) {
        live.onLoop(() -> onControl = listener);
    }

    @Override
    public final CompletionStage<Closed> closeAsync(CloseStatus status) {
        live.close(status);
        return live.closed();
    }

    @Override
    public final void abort() {
        live.cut("aborted by this side");
    }

    @Override
    public final CompletionStage<Closed> closed() {
        return live.closed();
    }

    /** Refuses a call that comes too late. */
    final void requireOpen() {
        Closed how = live.end().known();
        if (how != null) {
            throw new WebSocketClosedException(how, null);
        }
    }
}
