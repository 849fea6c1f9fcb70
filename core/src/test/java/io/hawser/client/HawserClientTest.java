// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.streams;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.Transport;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.netty.LeakCheck;
import io.hawser.netty.TransportCheck;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.handshake.ServerHandshake;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Needs a socket: heads that servers send right or wrong, and how sockets are driven; its times only keep it short. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HawserClientTest {
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";

    private static HawserServer server;
    private static HawserClient client;

    @BeforeAll
    static void start() {
        server = HawserServer.start(o -> Encryption.of(o).port(0).grace(Duration.ofSeconds(5)), request -> switch (request.path()) {
            case "/echo" -> HttpHandler.webSocket(each(message -> message)).handle(request);
            case "/chat" -> request.upgrade()
                    .map(u -> u.accept(direct(socket -> {
                        socket.send(String.join(",", request.headers().allValues("X-Token")) + " " + request.target());
                        socket.closed().toCompletableFuture().join();
                    }), "chat.v1").withHeader("Set-Cookie", "a=b"))
                    .orElseThrow();
            case "/denied" -> Response.text(401, "who are you?").withHeader("WWW-Authenticate", "Basic");
            default -> Response.text(404, "nothing at " + request.path());
        });
        client = HawserClient.create(Encryption::of);
    }

    @AfterAll
    static void stop() {
        client.close();
        client.close(); // harmless
        server.close();
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> client.connect(uri("/echo")))
                .withMessageEndingWith("the client is closed");
    }

    private static String uri(String path) {
        return Encryption.scheme() + "://127.0.0.1:" + server.port() + path;
    }

    private static String accept(List<String> head) {
        String key = head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key: "))
                .findFirst()
                .orElseThrow()
                .substring("sec-websocket-key: ".length());
        return SWITCH + "Sec-WebSocket-Accept: " + ServerHandshake.accept(key) + "\r\n";
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    @Tag("U1")
    @Tag("U6")
    void talksByBlockingCalls(Transport transport) {
        TransportCheck.assumeWorks(transport);
        try (HawserClient own = HawserClient.create(o -> Encryption.of(o).transport(transport));
                WebSocket socket = own.connect(uri("/echo"))) {
            assertThat(own.transport()).isEqualTo(transport);
            socket.send("Peter");
            assertThat(socket.receive().text()).isEqualTo("Peter");
            socket.send(new byte[300_000]);
            assertThat(socket.receive()).isEqualTo(BinaryMessage.of(new byte[300_000]));
            assertThat(socket.ping()).isPositive();
            Closed closed = socket.close(4001, "token expired");
            assertThat(closed).isEqualTo(new Closed(CloseStatus.of(4001, "token expired"), true, true));
        }
    }

    @Test
    @Tag("U6")
    void connectsToAUri() {
        try (WebSocket socket = client.connect(URI.create(uri("/echo")))) {
            socket.send("Peter");
            assertThat(socket.receive().text()).isEqualTo("Peter");
        }
    }

    @Test
    @Tag("U6")
    void talksInStreams() {
        List<Message> answers = new ArrayList<>();
        Connection connection = client.connectAsync(
                        URI.create(uri("/echo")),
                        streams(in -> {
                            in.subscribe(new Flow.Subscriber<>() {
                                @Override
                                public void onSubscribe(Flow.Subscription subscription) {
                                    subscription.request(Long.MAX_VALUE);
                                }

                                @Override
                                public void onNext(Message message) {
                                    answers.add(message);
                                    if (answers.size() == 3) {
                                        in.closeAsync(CloseStatus.of(CloseStatus.NORMAL));
                                    }
                                }

                                @Override
                                public void onError(Throwable failure) {
                                    answers.add(TextMessage.of("" + failure));
                                }

                                @Override
                                public void onComplete() {
                                    answers.add(TextMessage.of("end"));
                                }
                            });
                            return out -> {
                                out.onSubscribe(new Flow.Subscription() {
                                    private int sent;

                                    @Override
                                    public void request(long n) {
                                        if (sent < 3) {
                                            out.onNext(TextMessage.of("" + sent++));
                                        }
                                    }

                                    @Override
                                    public void cancel() {}
                                });
                            };
                        }),
                        o -> o)
                .join();
        Closed closed = connection.closed().toCompletableFuture().join();
        assertThat(closed).isEqualTo(new Closed(CloseStatus.of(CloseStatus.NORMAL), true, true));
        assertThat(answers).extracting(Message::text).containsExactly("0", "1", "2", "end");
    }

    @Test
    @Tag("U6")
    void talksInFrames() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Connection connection = client.connectAsync(
                        URI.create(uri("/echo")),
                        frames(channel -> {
                            channel.send(Frame.text("hello"));
                            return frame -> {
                                answer.complete(frame.text());
                                channel.closeAsync(CloseStatus.of(CloseStatus.NORMAL));
                            };
                        }),
                        o -> o)
                .join();
        assertThat(answer.join()).isEqualTo("hello");
        assertThat(connection.closed().toCompletableFuture().join().clean()).isTrue();
    }

    @Test
    @Tag("U1")
    @Tag("U2")
    void offersAndTellsWhatWasAgreedOn() {
        try (WebSocket socket = client.connect(
                URI.create(uri("/chat?room=%C3%A4")),
                o -> o.subprotocols("chat.v2", "chat.v1").header("X-Token", "1").header("X-Token", "2"))) {
            assertThat(socket.subprotocol()).contains("chat.v1");
            assertThat(socket.receive().text()).isEqualTo("1,2 /chat?room=%C3%A4");
            assertThat(socket.request().target()).isEqualTo("/chat?room=%C3%A4");
            assertThat(((InetSocketAddress) socket.remoteAddress()).getPort()).isEqualTo(server.port());
        }
    }

    @Test
    @Tag("U2")
    void tellsWhatARefusalSaid() {
        assertThatExceptionOfType(UpgradeRefusedException.class)
                .isThrownBy(() -> client.connect(uri("/denied")))
                .withMessage(uri("/denied") + " refused the upgrade to WebSocket with status 401")
                .satisfies(refused -> {
                    assertThat(refused.status()).isEqualTo(401);
                    assertThat(refused.headers().firstValue("www-authenticate")).contains("Basic");
                    assertThat(refused.bodyText()).isEqualTo("who are you?");
                });
    }

    /** A body without a length, chunked, and longer than what is kept; behind an interim response. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Transfer-Encoding: chunked\r\n"})
    @Tag("U2")
    void keepsABoundedBodyOfARefusal(String framing) throws IOException {
        String body = "x".repeat(100_000);
        String framed = framing.isEmpty() ? body : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        try (RawServer raw = new RawServer((head, peer) -> RawServer.say(
                peer, "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 503 Busy\r\n" + framing + "\r\n" + framed))) {
            assertThatExceptionOfType(UpgradeRefusedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .satisfies(refused -> {
                        assertThat(refused.status()).isEqualTo(503);
                        assertThat(refused.bodyText()).isEqualTo("x".repeat(64 << 10));
                    });
        }
    }

    @Test
    @Tag("U4")
    void keepsFramesThatComeWithTheResponse() throws IOException {
        try (RawServer raw = new RawServer((head, peer) -> {
                    RawServer.say(peer, accept(head) + "\r\n\u0081\u0002hi\u0088\u0002\u0003\u00e8");
                    peer.getInputStream().readAllBytes();
                });
                WebSocket socket = client.connect(raw.uri())) {
            assertThat(socket.receive().text()).isEqualTo("hi");
            assertThatExceptionOfType(WebSocketClosedException.class)
                    .isThrownBy(socket::receive)
                    .satisfies(end -> assertThat(end.closed().status().code()).isEqualTo(1000));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0081\u0080\u0001\u0002\u0003\u0004", "\u0089\u0081\u0001\u0002\u0003\u0004x"})
    @Tag("F8")
    @Tag("hostile-19")
    void failsOverAMaskedFrame(String frame) throws IOException {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try (RawServer raw = new RawServer((head, peer) -> {
                    RawServer.say(peer, accept(head) + "\r\n" + frame);
                    answer.complete(peer.getInputStream().readNBytes(8));
                });
                WebSocket socket = client.connect(URI.create(raw.uri()), o -> o.maskingKeys(() -> () -> 0))) {
            assertThatExceptionOfType(WebSocketClosedException.class)
                    .isThrownBy(socket::receive)
                    .satisfies(end -> assertThat(end.closed().status().code()).isEqualTo(1002));
            assertThat(answer.join()[0]).isEqualTo((byte) 0x88);
            assertThat(ByteBuffer.wrap(answer.join()).getShort(6)).isEqualTo((short) 1002);
        }
    }

    @Test
    @Tag("K1")
    @Tag("F12")
    void answersPingsAndTakesStages() throws IOException {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        FrameStage loud = FrameStage.incoming((frame, stage) -> frame.opcode() == Opcode.TEXT
                ? List.of(Frame.text(frame.text().toUpperCase(Locale.ROOT)))
                : List.of(frame));
        try (RawServer raw = new RawServer((head, peer) -> {
                    RawServer.say(peer, accept(head) + "\r\n\u0089\u0001?\u0081\u0002hi");
                    answer.complete(peer.getInputStream().readNBytes(7));
                });
                WebSocket socket = client.connect(URI.create(raw.uri()), o -> o.maskingKeys(() -> () -> 0)
                        .webSocket(w -> w.stages(loud).closeTimeout(Duration.ofMillis(100))))) {
            assertThat(socket.receive().text()).isEqualTo("HI");
            assertThat(answer.join()).containsExactly(0x8A, 0x81, 0, 0, 0, 0, '?');
        }
    }

    @Test
    @Tag("U0")
    @Tag("F9")
    void takesKeysFromTheCaller() throws IOException {
        CompletableFuture<byte[]> frame = new CompletableFuture<>();
        try (RawServer raw = new RawServer((head, peer) -> {
                    RawServer.say(peer, accept(head) + "\r\n");
                    frame.complete(peer.getInputStream().readNBytes(8));
                });
                WebSocket socket = client.connect(
                        URI.create(raw.uri()),
                        o -> o.nonces(() -> "the sample nonce".getBytes(StandardCharsets.US_ASCII))
                                .maskingKeys(() -> () -> 0x01020304)
                                .webSocket(w -> w.closeTimeout(Duration.ofMillis(100))))) {
            assertThat(raw.head()).anyMatch("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="::equalsIgnoreCase);
            socket.send("hi");
            assertThat(frame.join()).containsExactly(0x81, 0x82, 1, 2, 3, 4, 'h' ^ 1, 'i' ^ 2);
        }
    }

    /** RFC 6455 5.3: "the masking key for a given frame MUST NOT make it simple [...] to predict the masking key for a subsequent frame". */
    @Test
    @Tag("F9")
    void masksEachFrameOfEachConnectionWithAnotherKey() throws IOException {
        Set<Integer> keys = new HashSet<>();
        for (int connection = 0; connection < 2; connection++) {
            CompletableFuture<byte[]> read = new CompletableFuture<>();
            try (RawServer raw = new RawServer((head, peer) -> {
                        RawServer.say(peer, accept(head) + "\r\n");
                        read.complete(peer.getInputStream().readNBytes(100 * 7));
                    });
                    WebSocket socket = client.connect(
                            URI.create(raw.uri()), o -> o.webSocket(w -> w.closeTimeout(Duration.ofMillis(100))))) {
                for (int i = 0; i < 100; i++) {
                    socket.send("x");
                }
                ByteBuffer frames = ByteBuffer.wrap(read.join());
                for (int at = 0; at < frames.limit(); at += 7) {
                    assertThat(frames.getShort(at)).as("the begin of a masked text of one byte").isEqualTo((short) 0x8181);
                    assertThat(frames.get(at + 6) ^ frames.get(at + 2)).isEqualTo('x');
                    keys.add(frames.getInt(at + 2));
                }
            }
        }
        // Two keys in 200 are alike once in 200,000 times, three pairs once in 10^16.
        assertThat(keys).hasSizeGreaterThan(197);
    }

    @Test
    @Tag("U1")
    void asksAsTheRfcDemands() throws IOException {
        try (RawServer raw = new RawServer((head, peer) -> RawServer.say(peer, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))) {
            assertThatExceptionOfType(UpgradeRefusedException.class).isThrownBy(() -> client.connect(raw.uri()));
            assertThat(raw.head().get(0)).isEqualTo("GET /chat?room=1 HTTP/1.1");
            assertThat(raw.head()).anyMatch(("host: 127.0.0.1:" + raw.port())::equalsIgnoreCase);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n",
        "",
    })
    @Tag("U3")
    void refusesA101ThatIsNoAnswer(String headers) throws IOException {
        try (RawServer raw = new RawServer((head, peer) -> RawServer.say(peer, SWITCH + headers + "\r\n"))) {
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .withMessage("cannot connect to " + raw.shownUri()
                            + ": the response's Sec-WebSocket-Accept does not fit the request's key");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: unheard-of"})
    @Tag("U3")
    void refusesWhatItDidNotAskFor(String header) throws IOException {
        try (RawServer raw = new RawServer((head, peer) -> RawServer.say(peer, accept(head) + header + "\r\n\r\n"))) {
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .withMessageContaining("offered were [");
        }
    }

    @Test
    @Tag("hostile-15")
    void givesUpAResponseWhoseHeadNeverEnds() throws IOException {
        try (RawServer raw = new RawServer((head, peer) -> {
            RawServer.say(peer, "HTTP/1.1 101 Switching Protocols\r\n");
            while (true) {
                RawServer.say(peer, "X: " + "x".repeat(1000) + "\r\n");
            }
        })) {
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .withMessageContaining("the response cannot be read");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Tag("hostile-15")
    void readsAHeadOfSixteenKibibytesAndNoByteMore(int excess) throws IOException {
        try (RawServer raw = new RawServer((head, peer) -> {
            String begin = accept(head) + "X: ";
            RawServer.say(peer, begin + "x".repeat((16 << 10) - begin.length() - 4 + excess) + "\r\n\r\n");
            peer.getInputStream().readAllBytes();
        })) {
            if (excess == 0) {
                client.connect(raw.uri()).abort();
            } else {
                assertThatExceptionOfType(ConnectFailedException.class)
                        .isThrownBy(() -> client.connect(raw.uri()))
                        .withMessageEndingWith("the response cannot be read: its head is longer than 16384 bytes");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 101 Switching", "SSH-2.0-OpenSSH_9.6\r\n\r\n"})
    @Tag("hostile-15")
    void failsOnAServerThatIsNone(String answer) throws IOException {
        try (RawServer raw = new RawServer((head, peer) -> RawServer.say(peer, answer))) {
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .withMessageStartingWith("cannot connect to " + raw.shownUri() + ": ");
        }
    }

    /** Needs a socket: to a peer that takes the connection and says nothing. When exactly it gives up, the testkit's ConnectTimesTest shows. */
    @Test
    @Tag("U1")
    void givesUpAfterTheConnectTimeout() throws IOException {
        try (RawServer raw = new RawServer((head, peer) -> peer.getInputStream().readAllBytes())) {
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> client.connect(URI.create(raw.uri()), o -> o.connectTimeout(Duration.ofMillis(50))))
                    .withMessage("cannot connect to " + raw.shownUri() + ": the connection was not open within PT0.05S");
        }
    }

    @Test
    @Tag("U1")
    void saysWhyNobodyAnswers() throws IOException {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> client.connect("ws://127.0.0.1:" + unused + "/"))
                .withMessageContaining("onnection refused");
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> client.connect("ws://nobody.invalid/"))
                .withMessage("cannot connect to ws://nobody.invalid/: the name nobody.invalid has no address");
    }

    @Test
    @Tag("U1")
    void connectsFromAnAddress() {
        try (WebSocket socket = client.connect(
                URI.create(uri("/echo")), o -> o.localAddress(new InetSocketAddress("127.0.0.2", 0)))) {
            socket.send("from there");
            assertThat(socket.receive().text()).isEqualTo("from there");
        }
    }

    @Test
    void closesTheSocketOfAnAttemptThatIsCancelled() throws Exception {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (RawServer raw = new RawServer((head, peer) -> end.complete(peer.getInputStream().read()))) {
            CompletableFuture<WebSocket> opening =
                    client.connectAsync(URI.create(raw.uri()), o -> o.connectTimeout(Duration.ofHours(1)));
            assertThat(raw.head()).isNotEmpty();
            opening.cancel(false);
            assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "http://example.com/", "/chat", "ws:///chat", "ws://example.com/#part", "ws://user:secret@example.com/", "ws://example.com:0/",
        "ws://example.com:65536/", "ws://example.com/ä"
    })
    @Tag("U1")
    @Tag("hostile-16")
    void refusesUrisOfNoUse(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.connect(uri))
                .withMessageStartingWith("the URI " + ShownUri.of(URI.create(uri)) + " ");
    }

    @Test
    void readsUris() {
        assertThat(Destination.of(URI.create("WS://Example.com"))).isEqualTo(new Destination(false, "Example.com", 80, "Example.com", "/"));
        assertThat(Destination.of(URI.create("ws://[::1]:8080?a=b"))).isEqualTo(new Destination(false, "::1", 8080, "[::1]:8080", "/?a=b"));
        assertThat(Destination.of(URI.create("ws://example.com:80/x"))).isEqualTo(new Destination(false, "example.com", 80, "example.com", "/x"));
        assertThat(Destination.of(URI.create("wss://example.com"))).isEqualTo(new Destination(true, "example.com", 443, "example.com", "/"));
        assertThat(Destination.of(URI.create("wss://example.com:80"))).isEqualTo(new Destination(true, "example.com", 80, "example.com:80", "/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "connection", "Upgrade", "Sec-WebSocket-Key", "Content-Length", "a b", "x\r\ny"})
    @Tag("H10")
    @Tag("hostile-16")
    void refusesHeadersThatAreNotTheUsers(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> ConnectOptions.defaults().header(name, "x"));
    }

    @Test
    @Tag("H10")
    @Tag("hostile-16")
    void refusesHeadersThatWouldBeginAnother() {
        assertThatIllegalArgumentException().isThrownBy(() -> ConnectOptions.defaults().header("X", "a\r\nEvil: 1"));
    }

    /** In a handler, which is on the loop for certain; who waits for the connection may come too late for that. */
    @Test
    void refusesToBlockALoop() {
        CompletableFuture<WebSocket> blocked = new CompletableFuture<>();
        client.connectAsync(
                URI.create(uri("/echo")),
                frames(channel -> {
                    try {
                        blocked.complete(client.connect(uri("/echo")));
                    } catch (IllegalStateException e) {
                        blocked.completeExceptionally(e);
                    }
                    channel.abort();
                    return frame -> {};
                }),
                o -> o);
        assertThat(blocked)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("a blocking call on an event loop");
    }

    @Test
    void sharesAClientThatCannotBeClosed() {
        assertThatIllegalStateException().isThrownBy(() -> HawserClient.shared().close());
        try (WebSocket socket = HawserClient.shared().connect(URI.create(uri("/echo")), Encryption::of)) {
            socket.send("shared");
            assertThat(socket.receive().text()).isEqualTo("shared");
        }
    }

    /** What came before the close can be received when the connection has ended long ago. */
    @Test
    void keepsWhatCameBeforeTheEnd() {
        try (WebSocket socket = client.connect(uri("/echo"))) {
            for (int i = 0; i < 10; i++) {
                socket.send("" + i);
            }
            Closed closed = socket.sendAsync(TextMessage.of("10"))
                    .thenCompose(sent -> socket.closeAsync(CloseStatus.of(CloseStatus.NORMAL)))
                    .toCompletableFuture()
                    .join();
            assertThat(closed.clean()).isTrue();
            for (int i = 0; i <= 10; i++) {
                assertThat(socket.receive().text()).isEqualTo("" + i);
            }
        }
    }

    @Test
    void closesItsConnectionsWith1001() throws Exception {
        HawserClient own = HawserClient.create(Encryption::of);
        WebSocket socket = own.connect(URI.create(uri("/chat")), o -> o.subprotocols("chat.v1"));
        own.close();
        assertThat(socket.closed().toCompletableFuture().get(20, TimeUnit.SECONDS).status().code()).isEqualTo(1001);
    }
}
