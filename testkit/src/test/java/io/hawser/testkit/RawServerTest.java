// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.ConnectFailedException;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.connection.EchoFace;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server in bytes, against the real client. */
@Tag("X4")
class RawServerTest {
    private final HawserTest test = HawserTest.of(EchoFace.DIRECT.handler(), o -> o.patience(Duration.ofMillis(100)));

    @AfterEach
    void close() {
        test.close();
    }

    private WebSocket connect(RawServer server) {
        return test.client().connect(server.uri("/chat"), o -> o);
    }

    private void failsToConnect(UnaryOperator<RawHandshake> handshake, String why) {
        RawServer server = test.rawServer(handshake);
        assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectFailedException.class).hasMessageContaining(why);
    }

    @Test
    void talksInBytes() {
        RawServer server = test.rawServer();
        WebSocket socket = connect(server);
        RawPeer peer = server.accept();
        assertThat(peer.request().target()).isEqualTo("/chat");
        socket.send("Ahoy");
        RawFrame came = peer.expectFrame();
        assertThat(came).isEqualTo(RawFrame.text("Ahoy"));
        assertThat(came.maskingKey()).isPresent();
        peer.send(RawFrame.text("Aye"));
        assertThat(socket.receive().text()).isEqualTo("Aye");
        peer.send(RawFrame.close(1000, "")).end();
        peer.expectClose(1000);
        test.settle();
        assertThat(socket.closed()).isCompleted();
    }

    @Test
    @Tag("hostile-15")
    void theClientRefusesAWrongHandshake() {
        failsToConnect(h -> h.header("Sec-WebSocket-Accept", "wrong"), "Sec-WebSocket-Accept");
        failsToConnect(h -> h.without("Upgrade"), "Upgrade");
        failsToConnect(h -> h.header("Connection", "close"), "Connection");
        failsToConnect(h -> h.header("Sec-WebSocket-Protocol", "chat.v9"), "chat.v9");
        failsToConnect(h -> h.header("Sec-WebSocket-Extensions", "unheard-of"), "unheard-of");
        failsToConnect(RawHandshake::silent, "within");
    }

    @Test
    @Tag("hostile-15")
    void theClientIsToldOfARefusal() {
        RawServer server = test.rawServer(h -> h.status(200).header("X-Why", "no").body("not here"));
        assertThatThrownBy(() -> connect(server)).isInstanceOfSatisfying(UpgradeRefusedException.class, refused -> {
            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.headers().firstValue("x-why")).contains("no");
        });
        assertThatThrownBy(() -> test.rawServer(h -> h.status(600))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("600");
        assertThatThrownBy(() -> test.rawServer(h -> h.header("X", "a\nb"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("hostile-19")
    void theClientFailsOnAMaskedFrame() {
        RawServer server = test.rawServer();
        WebSocket socket = connect(server);
        RawPeer peer = server.accept().send(RawFrame.text("masked").masked(7));
        peer.expectClose(1002);
        assertThatThrownBy(socket::receive).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    @Tag("hostile-55")
    void theClientIsToldOfAReset() {
        RawServer server = test.rawServer();
        WebSocket socket = connect(server);
        server.accept().sendHex("81 05 48").reset();
        assertThatThrownBy(socket::receive).isInstanceOf(WebSocketClosedException.class);
        assertThat(socket.closed().toCompletableFuture().join().status().code()).isEqualTo(1006);
    }

    @Test
    void saysThatNobodyConnected() {
        RawServer server = test.rawServer();
        assertThatThrownBy(server::accept).isInstanceOf(AssertionError.class).hasMessageContaining("nobody connected");
        assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }
}
