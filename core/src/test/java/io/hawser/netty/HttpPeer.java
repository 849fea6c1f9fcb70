// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.WebSocketOptions;
import io.hawser.http.HeadLimits;
import io.hawser.http.HttpSettings;
import io.hawser.http.HttpTimes;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.handshake.OriginCheck;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A socket in memory to a server, as its peer uses it: the time is the test's, and what is taken. Its loop is the test's thread. */
final class HttpPeer extends EmbeddedChannel implements DuplexChannel {
    // So long that what a test takes itself is nothing beside them
    static final Duration HANDSHAKE = Duration.ofHours(2);
    static final Duration NO_PROGRESS = Duration.ofHours(5);
    static final Duration CLOSE = Duration.ofHours(1);
    static final Duration IDLE = Duration.ofHours(7);
    static final Duration REQUEST = Duration.ofHours(11);

    /** What the server's handler was asked for, and what it says to that. */
    private static final class Answers implements Function<Request, CompletionStage<Response>> {
        private final List<String> asked = new ArrayList<>();
        private Function<Request, CompletionStage<Response>> answer;

        Answers(Function<Request, CompletionStage<Response>> first) {
            answer = first;
        }

        @Override
        public CompletionStage<Response> apply(Request request) {
            asked.add(request.target());
            return answer.apply(request);
        }
    }

    private final NettyServer server;
    private final Answers answers;
    private final StringBuilder taken = new StringBuilder();
    private long window = Long.MAX_VALUE;
    private boolean outputShutdown;

    private HttpPeer(NettyServer server, HttpSettings settings, Answers answers) {
        super(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                HttpConnection.install(channel, server, settings);
            }
        });
        this.server = server;
        this.answers = answers;
    }

    /** A peer of a server whose handler answers on the loop: thus, until it {@linkplain #answers answers} otherwise. */
    static HttpPeer of(Function<Request, CompletionStage<Response>> answer) {
        // What belongs to a loop hangs on its thread, and here one thread is many loops in turn.
        FastThreadLocal.removeAll();
        Answers answers = new Answers(answer);
        HttpSettings settings = settings(HttpHandler.async(answers));
        HttpPeer peer = new HttpPeer(
                NettyServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), settings), settings, answers);
        peer.freezeTime();
        return peer;
    }

    private static HttpSettings settings(HttpHandler handler) {
        return new HttpSettings(
                handler,
                WebSocketOptions.defaults().noProgressTimeout(NO_PROGRESS).closeTimeout(CLOSE),
                new PermessageDeflate.Memory(1 << 20),
                new OriginCheck(Set.of()),
                new HeadLimits(8 << 10, 16 << 10, 100),
                1 << 20,
                true,
                new HttpTimes(HANDSHAKE, IDLE, REQUEST),
                Optional.empty(),
                Transport.NIO,
                1,
                Duration.ZERO);
    }

    /** Ends it, and the server. */
    void end() {
        finishAndReleaseAll();
        server.stop(Duration.ZERO);
        FastThreadLocal.removeAll();
    }

    /** The head of a GET. */
    static String get(String target, String... lines) {
        return head("GET " + target, lines);
    }

    /** A head that begins with a method and a target. */
    static String head(String methodAndTarget, String... lines) {
        StringBuilder head = new StringBuilder(methodAndTarget).append(" HTTP/1.1\r\nHost: a\r\n");
        for (String line : lines) {
            head.append(line).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** From now on the server's handler answers so. */
    void answers(Function<Request, CompletionStage<Response>> answer) {
        answers.answer = answer;
    }

    /** The targets that the server's handler was asked for, in their order. */
    List<String> asked() {
        return answers.asked;
    }

    void sends(String bytes) {
        ByteBuf in = alloc().directBuffer();
        in.writeCharSequence(bytes, StandardCharsets.ISO_8859_1);
        writeInbound(in);
    }

    void endsInput() {
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }

    void takesNothing() {
        window = 0;
    }

    void takes(int bytes) {
        window = bytes;
        flush();
        runPendingTasks();
    }

    void takesAll() {
        window = Long.MAX_VALUE;
        flush();
        runPendingTasks();
    }

    void waits(Duration time) {
        advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        runScheduledPendingTasks();
        runPendingTasks();
    }

    /** All that it has taken. */
    String taken() {
        return taken.toString();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer queue) {
        while (queue.current() instanceof ByteBuf first && (window > 0 || !first.isReadable())) {
            int bytes = (int) Math.min(window, first.readableBytes());
            taken.append(first.toString(first.readerIndex(), bytes, StandardCharsets.ISO_8859_1));
            window -= bytes;
            queue.removeBytes(bytes);
        }
    }

    @Override
    public boolean isInputShutdown() {
        return false;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        outputShutdown = true;
        return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdownOutput();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return shutdownOutput(promise);
    }
}
