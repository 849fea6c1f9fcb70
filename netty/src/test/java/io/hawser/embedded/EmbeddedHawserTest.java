// SPDX-License-Identifier: Apache-2.0

package io.hawser.embedded;

import static io.hawser.embedded.RawSocket.UPGRADE;
import static io.hawser.embedded.RawSocket.get;
import static io.hawser.embedded.RawSocket.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.connection.LogLines;
import io.hawser.netty.LeakCheck;
import io.hawser.tls.Certificate;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.logging.LoggingHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A Netty application's own servers with Hawser in their pipelines; needs sockets, whose pipelines and transports are what this is about. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class EmbeddedHawserTest {
    private static final WebSocketHandler ECHO = WebSocketHandler.each(message -> message);
    private static final HttpHandler ECHOES = HttpHandler.webSocket(ECHO);

    private static EmbeddedHawser chat(HttpHandler handler) {
        return EmbeddedHawser.of(o -> o.paths("/chat").grace(Duration.ofSeconds(30)), handler);
    }

    private static WebSocket connect(NettyApplication application) {
        return HawserClient.shared().connect("ws://127.0.0.1:" + application.port() + "/chat");
    }

    // ---- every transport, every pipeline

    @Test
    @Tag("H2")
    void agreesOnCompression() throws IOException {
        String large = "compressible ".repeat(1_000);
        EmbeddedHawser hawser = chat(ECHOES);
        try (NettyApplication application = NettyApplication.with(hawser, Transport.NIO);
                WebSocket socket = connect(application)) {
            socket.send(large);
            assertThat(socket.receive().text()).isEqualTo(large);
            assertThat(socket.response().header("Sec-WebSocket-Extensions")).contains("permessage-deflate");
            assertThat(hawser.compressionBytes()).isPositive();
        }
        hawser.close();
        assertThat(hawser.compressionBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void talksBesideTheApplicationsHttp(Transport transport) throws IOException {
        try (NettyApplication application = NettyApplication.with(chat(ECHOES), transport);
                WebSocket socket = connect(application);
                RawSocket raw = new RawSocket(application.port())) {
            raw.send(get("/a"), get("/b"));
            assertThat(raw.readResponse()).isEqualTo("200: GET /a with 0 bytes");
            assertThat(raw.readResponse()).isEqualTo("200: GET /b with 0 bytes");
            socket.send("ahoy");
            assertThat(socket.receive().text()).isEqualTo("ahoy");
            byte[] large = new byte[1 << 20];
            large[large.length - 1] = 7;
            socket.send(BinaryMessage.of(large));
            assertThat(socket.receive()).isEqualTo(BinaryMessage.of(large));
            raw.send(UPGRADE, text("one"), text("two"));
            assertThat(raw.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(raw.readFrame()).isEqualTo("1: one");
            assertThat(raw.readFrame()).isEqualTo("1: two");
            Closed end = socket.close(4001, "enough");
            assertThat(end.clean()).isTrue();
        }
    }

    private static Stream<Arguments> pipelines() {
        Consumer<ChannelPipeline> codec = pipeline -> pipeline.addLast(new HttpServerCodec());
        Consumer<ChannelPipeline> twoHandlers = pipeline -> pipeline.addLast(new HttpRequestDecoder(), new HttpResponseEncoder());
        Consumer<ChannelPipeline> whole = pipeline -> pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 16));
        Consumer<ChannelPipeline> all = pipeline -> pipeline.addLast(
                new LoggingHandler(),
                new HttpServerCodec(),
                new HttpServerKeepAliveHandler(),
                new HttpContentCompressor(),
                new ChunkedWriteHandler(),
                new HttpObjectAggregator(1 << 16));
        return Stream.of(
                Arguments.argumentSet("codec", codec),
                Arguments.argumentSet("two handlers", twoHandlers),
                Arguments.argumentSet("whole requests", whole),
                Arguments.argumentSet("all", all));
    }

    @Tag("H8")
    @Tag("hostile-9")
    @ParameterizedTest
    @MethodSource("pipelines")
    void takesFramesThatComeWithTheRequest(Consumer<ChannelPipeline> http) throws IOException {
        BlockingQueue<List<String>> left = new LinkedBlockingQueue<>();
        WebSocketHandler handler = WebSocketHandler.direct(socket -> {
            for (Message message : socket) {
                socket.send(message);
            }
        });
        HttpHandler blocking = request -> request.upgrade().orElseThrow().accept(handler);
        for (HttpHandler each : List.of(ECHOES, blocking)) {
            EmbeddedHawser hawser = chat(each);
            try (NettyApplication application = NettyApplication.with(
                            hawser,
                            http.andThen(pipeline -> pipeline.addLast(hawser.newHandler(), new NettyApplication.OwnHttp() {
                                @Override
                                public void handlerRemoved(ChannelHandlerContext context) {
                                    context.executor().execute(() -> left.add(context.pipeline().names()));
                                }
                            })));
                    RawSocket raw = new RawSocket(application.port())) {
                raw.send(get("/first", "Content-Length: 0"), UPGRADE, text("one"), text("GET / HTTP/1.1\r\n\r\n"));
                assertThat(raw.readResponse()).isEqualTo("200: GET /first with 0 bytes");
                assertThat(raw.readHead()).startsWith("HTTP/1.1 101 ").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
                assertThat(raw.readFrame()).isEqualTo("1: one");
                assertThat(raw.readFrame()).isEqualTo("1: GET / HTTP/1.1\r\n\r\n");
                await().until(() -> !left.isEmpty());
                assertThat(left.remove()).noneMatch(name -> name.contains("Http") || name.contains("UpgradeTaker"));
            }
        }
    }

    @Test
    void speaksOverTheApplicationsTls() throws Exception {
        SslContext tls = SslContextBuilder.forServer(
                        Certificate.LOCALHOST.chain().toFile(), Certificate.LOCALHOST.key().toFile())
                .build();
        BlockingQueue<String> protocols = new LinkedBlockingQueue<>();
        HttpHandler app = request -> {
            protocols.add(request.tlsSession().orElseThrow().getProtocol());
            return request.upgrade().orElseThrow().accept(ECHO);
        };
        EmbeddedHawser hawser = chat(app);
        try (NettyApplication application = NettyApplication.with(hawser, pipeline -> pipeline.addLast(
                        tls.newHandler(pipeline.channel().alloc()),
                        new HttpServerCodec(),
                        hawser.newHandler(),
                        new NettyApplication.OwnHttp()));
                HawserClient client = HawserClient.create(o -> o.tls(Certificate.trusting()));
                WebSocket socket = client.connect("wss://localhost:" + application.port() + "/chat")) {
            byte[] large = new byte[300_000];
            socket.send(BinaryMessage.of(large));
            assertThat(socket.receive()).isEqualTo(BinaryMessage.of(large));
            assertThat(protocols.take()).startsWith("TLS");
            assertThat(socket.close(1000, "").clean()).isTrue();
        }
    }

    // ---- which requests

    @Test
    void leavesOtherPathsToTheApplication() throws IOException {
        try (NettyApplication application = NettyApplication.with(chat(ECHOES));
                RawSocket raw = new RawSocket(application.port())) {
            raw.send(UPGRADE.replace("/chat", "/other"), get("/chat"), UPGRADE.replace("/chat", "/ch%61t?room=1"));
            assertThat(raw.readResponse()).isEqualTo("200: GET /other with 0 bytes");
            assertThat(raw.readResponse()).isEqualTo("200: GET /chat with 0 bytes");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void passesBodiesUntouched() throws IOException {
        try (NettyApplication application = NettyApplication.with(chat(ECHOES));
                RawSocket raw = new RawSocket(application.port())) {
            raw.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(raw.readResponse()).isEqualTo("200: POST /a with 5 bytes");
            raw.send("POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", UPGRADE, text("x"));
            assertThat(raw.readResponse()).isEqualTo("200: POST /b with 3 bytes");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(raw.readFrame()).isEqualTo("1: x");
        }
    }

    @Tag("H9")
    @Test
    void closesBehindARefusal() throws IOException {
        HttpHandler app = request -> Response.text(401, "who are you?").withHeader("WWW-Authenticate", "Bearer");
        try (NettyApplication application = NettyApplication.with(chat(app));
                RawSocket raw = new RawSocket(application.port())) {
            raw.send(UPGRADE, text("never read"), get("/a"));
            assertThat(raw.readRest())
                    .startsWith("HTTP/1.1 401 ")
                    .containsIgnoringCase("www-authenticate: Bearer\r\n")
                    .containsIgnoringCase("connection: close\r\n")
                    .endsWith("\r\n\r\nwho are you?");
        }
    }

    @Test
    void answers500WhereTheApplicationFails() throws IOException {
        HttpHandler app = request -> {
            throw new IllegalStateException("on purpose");
        };
        try (NettyApplication application = NettyApplication.with(chat(app));
                RawSocket raw = new RawSocket(application.port())) {
            raw.send(UPGRADE);
            assertThat(raw.readResponse()).isEqualTo("500: Internal Server Error");
        }
    }

    /** Larger than what a channel takes at once. */
    @Test
    void refusesWithABodyThatComesByAndBy() throws IOException {
        byte[] body = new byte[1 << 20];
        HttpHandler app = request -> Response.of(403, BinaryMessage.of(body).chunks());
        try (NettyApplication application = NettyApplication.with(chat(app));
                RawSocket raw = new RawSocket(application.port())) {
            raw.send(UPGRADE);
            assertThat(raw.readHead()).startsWith("HTTP/1.1 403 ").containsIgnoringCase("transfer-encoding: chunked");
            assertThat(raw.readRest()).hasSizeGreaterThan(body.length).endsWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void answers503WhereTheApplicationDoesNot() throws IOException {
        HttpHandler never = HttpHandler.async(request -> new CompletableFuture<>());
        try (NettyApplication application = NettyApplication.with(EmbeddedHawser.of(o -> o.requestTimeout(Duration.ofMillis(20)), never));
                RawSocket raw = new RawSocket(application.port())) {
            raw.send(UPGRADE, text("never read"));
            assertThat(raw.readResponse()).startsWith("503: ");
            assertThat(raw.readRest()).isEmpty();
        }
    }

    // ---- order and pace

    @Test
    void waitsForTheResponsesInFront() throws Exception {
        CompletableFuture<Runnable> answer = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        HttpHandler app = HttpHandler.async(request -> {
            asked.countDown();
            return CompletableFuture.completedStage(request.upgrade().orElseThrow().accept(ECHO));
        });
        EmbeddedHawser hawser = chat(app);
        try (NettyApplication application = NettyApplication.with(hawser, pipeline -> pipeline.addLast(
                        new HttpServerCodec(), hawser.newHandler(), new NettyApplication.OwnHttp() {
                            @Override
                            void answer(ChannelHandlerContext context, String text) {
                                answer.complete(() -> super.answer(context, text));
                            }
                        }));
                RawSocket raw = new RawSocket(application.port())) {
            raw.send(get("/slow"), UPGRADE, text("x"));
            Runnable now = answer.get(30, TimeUnit.SECONDS);
            assertThat(asked.getCount()).isOne();
            now.run();
            assertThat(raw.readResponse()).startsWith("200: GET /slow");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(raw.readFrame()).isEqualTo("1: x");
        }
    }

    @Tag("M8")
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void waitsForASlowReader(Transport transport) throws Exception {
        int messages = 1_000;
        int bytes = 64 << 10;
        AtomicInteger sent = new AtomicInteger();
        CompletableFuture<Thread> sender = new CompletableFuture<>();
        WebSocketHandler flood = WebSocketHandler.direct(socket -> {
            sender.complete(Thread.currentThread());
            for (int i = 0; i < messages; i++) {
                socket.send(BinaryMessage.of(new byte[bytes]));
                sent.incrementAndGet();
            }
        });
        try (NettyApplication application = NettyApplication.with(chat(HttpHandler.webSocket(flood)), transport);
                RawSocket raw = new RawSocket(application.port(), 64 << 10)) {
            raw.send(UPGRADE);
            assertThat(raw.readHead()).startsWith("HTTP/1.1 101 ");
            Thread waiting = sender.get(30, TimeUnit.SECONDS);
            await().until(() -> waiting.getState() == Thread.State.WAITING && sent.get() > 0);
            assertThat(sent).hasValueLessThan(messages);
            for (int i = 0; i < messages; i++) {
                assertThat(raw.readFrame()).hasSize(3 + bytes);
            }
            assertThat(raw.readFrame()).isEqualTo("8: 1000");
        }
    }

    @Tag("M8")
    @Test
    void waitsForASlowApplication() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        BlockingQueue<Message> received = new LinkedBlockingQueue<>();
        WebSocketHandler slow = WebSocketHandler.direct(socket -> {
            reading.await();
            socket.forEach(received::add);
        });
        try (NettyApplication application = NettyApplication.with(chat(HttpHandler.webSocket(slow)));
                WebSocket socket = connect(application)) {
            int messages = 500;
            byte[] incompressible = new byte[64 << 10];
            new Random(1).nextBytes(incompressible);
            BinaryMessage message = BinaryMessage.of(incompressible);
            Thread sender = Thread.startVirtualThread(() -> {
                for (int i = 0; i < messages; i++) {
                    socket.send(message);
                }
            });
            await().until(() -> sender.getState() == Thread.State.WAITING);
            assertThat(received).isEmpty();
            reading.countDown();
            sender.join();
            await().until(() -> received.size() == messages);
            assertThat(socket.close(1000, "").clean()).isTrue();
        }
    }

    // ---- ends

    @Tag("hostile-17")
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void dropsTheAnswerToAClientThatHasGone(Transport transport) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answering = new CountDownLatch(1);
        HttpHandler app = request -> {
            asked.countDown();
            answering.await();
            return request.upgrade().orElseThrow().accept(ECHO);
        };
        try (NettyApplication application = NettyApplication.with(chat(app), transport)) {
            RawSocket raw = new RawSocket(application.port());
            raw.send(UPGRADE, text("never answered"));
            asked.await();
            raw.reset();
            answering.countDown();
        }
    }

    @Test
    void isToldOfAnEndOfInputThatCameEarly() throws IOException {
        try (NettyApplication application = NettyApplication.with(chat(request -> request.upgrade().orElseThrow().accept(ECHO)));
                RawSocket raw = new RawSocket(application.port())) {
            raw.send(UPGRADE, text("last words")).endOutput();
            assertThat(raw.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(raw.readFrame()).isEqualTo("1: last words");
            assertThat(raw.readRest()).isEmpty();
        }
    }

    @Test
    void closesWith1001AndLeavesHttp() throws IOException {
        EmbeddedHawser hawser = chat(ECHOES);
        try (NettyApplication application = NettyApplication.with(hawser);
                WebSocket socket = connect(application);
                RawSocket raw = new RawSocket(application.port())) {
            socket.send("ahoy");
            assertThat(socket.receive().text()).isEqualTo("ahoy");
            hawser.close();
            Closed end = socket.closed().toCompletableFuture().join();
            assertThat(end.status().code()).isEqualTo(1001);
            assertThat(end.clean()).isTrue();
            raw.send(get("/a"), UPGRADE);
            assertThat(raw.readResponse()).isEqualTo("200: GET /a with 0 bytes");
            assertThat(raw.readResponse()).startsWith("503: ");
            hawser.close();
        }
    }

    @Test
    void cutsBehindTheGrace() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        HttpHandler app = HttpHandler.async(request -> {
            if (request.path().endsWith("never")) {
                asked.countDown();
                return new CompletableFuture<>();
            }
            return CompletableFuture.completedStage(request.upgrade().orElseThrow().accept(ECHO));
        });
        EmbeddedHawser hawser = EmbeddedHawser.of(o -> o.grace(Duration.ofMillis(20)), app);
        try (NettyApplication application = NettyApplication.with(hawser);
                RawSocket open = new RawSocket(application.port());
                RawSocket undecided = new RawSocket(application.port())) {
            open.send(UPGRADE);
            assertThat(open.readHead()).startsWith("HTTP/1.1 101 ");
            undecided.send(UPGRADE.replace("/chat", "/chat/never"));
            asked.await();
            hawser.close();
            assertThat(open.readFrame()).isEqualTo("8: 1001");
            assertThat(open.readRest()).isEmpty();
            assertThat(undecided.readRest()).isEmpty();
        }
    }

    @Test
    void refusesToStopOnALoop() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        EmbeddedHawser hawser = chat(ECHOES);
        try (NettyApplication application = NettyApplication.with(hawser, pipeline -> {
                    failure.complete(catchThrowable(hawser::close));
                });
                RawSocket raw = new RawSocket(application.port())) {
            assertThat(failure.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("an event loop must not");
            raw.endOutput();
        }
    }

    // ---- faults of the application

    /** What a pipeline was told of. */
    private static final class Failures extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failures.add(cause.getCause());
        }
    }

    @Test
    void saysWhatAPipelineLacks() throws Exception {
        LogLines log = new LogLines();
        EmbeddedHawser hawser = chat(ECHOES);
        try (NettyApplication application =
                        NettyApplication.with(hawser, pipeline -> pipeline.addLast(hawser.newHandler()));
                RawSocket raw = new RawSocket(application.port())) {
            assertThat(raw.readRest()).isEmpty();
            assertThat(log.with("IllegalStateException", "put one in front of the handler for WebSocket")).isNotEmpty();
        }
    }

    @Test
    @SuppressWarnings("deprecation") // but still there
    void saysThatAnExecutorIsTooMuch() throws Exception {
        Failures told = new Failures();
        EmbeddedHawser hawser = chat(ECHOES);
        EventExecutorGroup others = new DefaultEventExecutorGroup(1);
        try (NettyApplication application = NettyApplication.with(
                        hawser,
                        pipeline -> pipeline.addLast(told, new HttpServerCodec()).addLast(others, hawser.newHandler()));
                RawSocket raw = new RawSocket(application.port())) {
            assertThat(told.failures.take())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("add its handler without an executor");
            raw.endOutput();
        } finally {
            others.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void refusesChannelsThatAreNoSockets() {
        Failures told = new Failures();
        try (EmbeddedHawser hawser = chat(ECHOES)) {
            EmbeddedChannel channel = new EmbeddedChannel(told, new HttpServerCodec());
            channel.pipeline().addLast(hawser.newHandler());
            assertThat(told.failures.remove())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a channel whose output can be ended alone");
            channel.finishAndReleaseAll();
        }
    }
}
