// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hawser.Compression;
import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.WebSocket;
import io.hawser.netty.LeakCheck;
import io.hawser.protocol.handshake.ServerHandshake;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client offers of compression, and the answers of servers, right or wrong; needs a socket for what they say. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class CompressionOfferTest {
    private static final UnaryOperator<ConnectOptions> DEFAULT = UnaryOperator.identity();

    private static RawServer answering(String extension) throws IOException {
        return new RawServer((head, peer) -> {
            RawServer.say(peer, switching(head) + extension + "\r\n");
            awaitEnd(peer);
        });
    }

    private static void awaitEnd(Socket peer) throws IOException {
        peer.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static String switching(List<String> head) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + ServerHandshake.accept(field(head, "sec-websocket-key")) + "\r\n";
    }

    private static String field(List<String> head, String name) {
        return head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("none");
    }

    private static UnaryOperator<ConnectOptions> with(Compression compression) {
        return o -> o.webSocket(w -> w.compression(compression));
    }

    /** The offer of a client with these options. */
    private static String offer(UnaryOperator<ConnectOptions> ofClient, UnaryOperator<ConnectOptions> ofConnect) throws IOException {
        try (RawServer raw = answering("");
                HawserClient client = HawserClient.create(o -> ofClient.apply(Encryption.of(o)));
                WebSocket socket = client.connect(URI.create(raw.uri()), ofConnect)) {
            socket.abort();
            return field(raw.head(), "sec-websocket-extensions");
        }
    }

    @Test
    @Tag("H2")
    void offersItUnlessToldOtherwise() throws IOException {
        assertThat(offer(DEFAULT, DEFAULT)).isEqualTo("permessage-deflate; client_max_window_bits");
        assertThat(offer(with(Compression.off()), DEFAULT)).isEqualTo("none");
        assertThat(offer(DEFAULT, with(Compression.off()))).isEqualTo("none");
        assertThat(offer(with(Compression.off()), with(Compression.on()))).isEqualTo("permessage-deflate; client_max_window_bits");
    }

    @Test
    void offersWhatItsOptionsSayAndThenLess() throws IOException {
        assertThat(offer(with(Compression.on().incomingWindowBits(10).outgoingContext(false)), DEFAULT))
                .isEqualTo("permessage-deflate; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits,"
                        + " permessage-deflate; client_no_context_takeover; client_max_window_bits");
    }

    @Test
    void asksForNoContextWhereItHasNoMemory() throws IOException {
        assertThat(offer(with(Compression.on().memoryBytes(1)), DEFAULT))
                .isEqualTo("permessage-deflate; server_no_context_takeover; client_max_window_bits");
    }

    @Test
    void offersWhatItsHandlerSays() throws IOException {
        try (RawServer raw = answering("");
                HawserClient client = HawserClient.create(Encryption::of)) {
            Connection connection = client.connectAsync(
                            URI.create(raw.uri()), each(message -> message).with(o -> o.compression(Compression.off())), DEFAULT)
                    .join();
            connection.abort();
            assertThat(field(raw.head(), "sec-websocket-extensions")).isEqualTo("none");
        }
    }

    @Test
    void showsWhatWasAgreedOn() throws IOException {
        try (RawServer raw = answering("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n");
                HawserClient client = HawserClient.create(Encryption::of);
                WebSocket socket = client.connect(raw.uri())) {
            assertThat(socket.response().headers().allValues("Sec-WebSocket-Extensions"))
                    .containsExactly("permessage-deflate; server_no_context_takeover");
            socket.abort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "server_max_window_bits=08",
        "server_max_window_bits",
        "client_max_window_bits=7",
        "client_max_window_bits=16",
        "client_max_window_bits=08",
        "client_max_window_bits",
        "server_max_window_bits=9; server_max_window_bits=9",
        "server_no_context_takeover; server_no_context_takeover",
        "server_no_context_takeover=1",
        "unheard_of",
    })
    @Tag("hostile-48")
    void failsTheConnectionOverAnAnswerThatIsNone(String parameters) throws IOException {
        String answer = "permessage-deflate; " + parameters;
        try (RawServer raw = answering("Sec-WebSocket-Extensions: " + answer + "\r\n");
                HawserClient client = HawserClient.create(Encryption::of)) {
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .withMessageStartingWith("cannot connect to " + raw.shownUri() + ": the server chose extension [" + answer
                            + "], offered were [permessage-deflate; client_max_window_bits]: ");
        }
    }

    @Test
    @Tag("hostile-48")
    void failsTheConnectionOverWhatItDidNotOffer() throws IOException {
        refuses("permessage-deflate", Compression.off(), "offered were []");
        refuses("permessage-deflate, permessage-deflate", Compression.on(), "permessage-deflate is there twice");
        refuses("permessage-deflate", Compression.on().memoryBytes(1), "permessage-deflate answers none of the offers");
    }

    private static void refuses(String answer, Compression offered, String why) throws IOException {
        try (RawServer raw = answering("Sec-WebSocket-Extensions: " + answer + "\r\n");
                HawserClient client = HawserClient.create(o -> with(offered).apply(Encryption.of(o)))) {
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .withMessageContaining("the server chose extension [")
                    .withMessageEndingWith(why);
        }
    }

    /** A limit of the server's part is a wish: a server that leaves it out has taken the second offer. */
    @Test
    void takesTheAnswerToItsSecondOffer() throws IOException {
        try (RawServer raw = answering("Sec-WebSocket-Extensions: permessage-deflate\r\n");
                HawserClient client = HawserClient.create(o -> with(Compression.on().incomingWindowBits(9)).apply(Encryption.of(o)));
                WebSocket socket = client.connect(raw.uri())) {
            assertThat(socket.response().header("Sec-WebSocket-Extensions")).contains("permessage-deflate");
            socket.abort();
        }
    }
}
