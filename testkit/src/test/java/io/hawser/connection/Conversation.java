// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Attribute;
import io.hawser.Closed;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.http.KnownRequest;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A client in a test's hand, and a connection in memory that it talks to: what it says and hears, step by step. */
final class Conversation {
    static final Attribute<String> NAME = Attribute.of("name");

    final TalkLoop loop = new TalkLoop();
    final TalkWire wire;
    private final LiveConnection connection;
    private final List<Closed> ends = new ArrayList<>();
    private int heardBytes;

    private Conversation(WebSocketHandler handler, Optional<Principal> principal) {
        wire = new TalkWire(loop, principal);
        LiveConnection[] opened = new LiveConnection[1];
        loop.runOnLoop(() -> opened[0] = open(handler));
        connection = opened[0];
        connection.closed().thenAccept(ends::add);
    }

    private LiveConnection open(WebSocketHandler handler) {
        Response response = asking().upgrade().orElseThrow().accept(handler, "talk.v1").withHeader("X-Talk", "yes");
        return LiveConnection.open(
                wire.wire(),
                Opening.ofServer(response.accepted().orElseThrow(), response, handler, WebSocketOptions.defaults()));
    }

    /** The request of each conversation, which carries a name. */
    private Request asking() {
        Map<String, List<String>> fields = Map.of(
                "Host", List.of("here.example"),
                "Upgrade", List.of("websocket"),
                "Connection", List.of("Upgrade"),
                "Sec-WebSocket-Version", List.of("13"),
                "Sec-WebSocket-Protocol", List.of("talk.v1"),
                "Sec-WebSocket-Key", List.of("dGhlIHNhbXBsZSBub25jZQ=="));
        HttpHeaders headers = HttpHeaders.of(fields, (name, value) -> true);
        return KnownRequest.of("GET", "/talk", headers, wire.remoteAddress()).with(NAME, "Ada");
    }

    /** Opens a connection with the default options. */
    static Conversation with(WebSocketHandler handler) {
        Conversation opened = opening(handler);
        opened.loop.run();
        return opened;
    }

    /** Opens a connection, and leaves what that makes the loop do for later. */
    static Conversation opening(WebSocketHandler handler) {
        return new Conversation(handler, Optional.empty());
    }

    /** Opens a connection whose peer has shown a certificate of this name. */
    static Conversation with(WebSocketHandler handler, Principal principal) {
        Conversation opened = new Conversation(handler, Optional.of(principal));
        opened.loop.run();
        return opened;
    }

    /** Opens a connection with options of its own. */
    static Conversation with(WebSocketHandler handler, UnaryOperator<WebSocketOptions> options) {
        return with(handler.with(options));
    }

    LiveConnection connection() {
        return connection;
    }

    /** The client sends this, all in one read event. */
    Conversation says(byte[]... frames) {
        wire.receive(ClientFrames.joined(frames));
        loop.run();
        return this;
    }

    /** The client sends this, and what it makes the loop do is left for later. */
    Conversation saysOnly(byte[]... frames) {
        wire.receive(ClientFrames.joined(frames));
        return this;
    }

    /** The next frames from the server are these. */
    Conversation hears(ServerFrame... expected) {
        for (ServerFrame frame : expected) {
            assertThat(next()).isEqualTo(frame);
        }
        return this;
    }

    Conversation hears(String... texts) {
        for (String text : texts) {
            hears(ServerFrame.text(text));
        }
        return this;
    }

    /** The next frame from the server closes with this code, whatever its reason. */
    Conversation hearsClose(int code) {
        ServerFrame frame = next();
        assertThat(frame.opcode()).as(frame::toString).isEqualTo(ClientFrames.CLOSE);
        assertThat(frame.payload().getShort(0) & 0xFFFF).as(frame::toString).isEqualTo(code);
        return this;
    }

    /** The next frame from the server. */
    ServerFrame next() {
        ByteBuffer[] left = new ByteBuffer[1];
        List<ServerFrame> found = new ArrayList<>(1);
        loop.await("a frame from the server", () -> {
            left[0] = unheard();
            ServerFrame.read(left[0]).ifPresent(found::add);
            return !found.isEmpty();
        });
        heardBytes += left[0].position();
        return found.get(0);
    }

    /** Does something as the loop does, and all that follows of it. */
    Conversation does(Runnable task) {
        loop.runOnLoop(task);
        loop.run();
        return this;
    }

    private ByteBuffer unheard() {
        return wire.acceptedFrom(heardBytes);
    }

    /** Nothing more was heard, of what the server does on its loop. */
    Conversation hearsNothing() {
        loop.run();
        ByteBuffer left = unheard();
        assertThat(left.remaining())
                .as(() -> "silence, not " + ServerFrame.read(left).map(Object::toString).orElse("part of a frame"))
                .isZero();
        return this;
    }

    /** Nothing follows, and the server has ended its output. */
    Conversation hearsEnd() {
        loop.await("the end of the server's output", wire::isOutputEnded);
        return hearsNothing();
    }

    /** The client ends its output. */
    Conversation hangsUp() {
        wire.endInput();
        loop.run();
        return this;
    }

    /** The client resets the connection. */
    Conversation resets() {
        wire.reset();
        loop.run();
        return this;
    }

    Conversation passes(Duration time) {
        loop.advance(time);
        return this;
    }

    Conversation awaits(String what, BooleanSupplier until) {
        loop.await(what, until);
        return this;
    }

    /** Whether the connection was told closed. */
    boolean isClosed() {
        return !ends.isEmpty();
    }

    /** How the connection ended; it has, and was told so once. */
    Closed closed() {
        loop.await("the connection is closed", this::isClosed);
        assertThat(ends).hasSize(1);
        return ends.get(0);
    }

    /** The transport is gone as well, and nothing is left behind: no timer runs. */
    void isOver() {
        loop.await("the transport is closed", wire::isClosed);
        loop.run();
        assertThat(ends).hasSize(1);
    }
}
