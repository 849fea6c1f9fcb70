// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.BinaryMessage;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.LiveConnection;
import io.hawser.connection.LoopWatch;
import io.hawser.connection.Opening;
import io.hawser.http.Application;
import io.hawser.http.Delivery;
import io.hawser.http.HeaderFields;
import io.hawser.http.HttpSettings;
import io.hawser.http.KnownRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection while it speaks HTTP: gives requests to the handler, one after another, and writes the responses, or switches to WebSocket. */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final NettyServer server;
    private final HttpSettings settings;
    private final long noProgressNanos;
    private final RequestDecoder decoder;

    private @Nullable ResponseWriter responses;
    private @Nullable ScheduledFuture<?> headTimer;
    private @Nullable LingeringClose closing;
    private boolean inputEnded;
    private boolean taking;
    /** From a request until its response has left. */
    private boolean answering;

    private boolean keepAlive;
    private boolean isHead;
    private boolean isHttp10;

    private HttpConnection(NettyServer server, HttpSettings settings) {
        this.server = server;
        this.settings = settings;
        this.noProgressNanos = settings.webSocket().engineSettings().noProgressTimeout().toNanos();
        this.decoder = new RequestDecoder(settings.headLimits());
    }

    /** Makes a channel speak HTTP. */
    static void install(Channel channel, NettyServer server, HttpSettings settings) {
        HttpConnection connection = new HttpConnection(server, settings);
        channel.pipeline().addLast(connection.decoder, connection);
        server.add(channel);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        awaitHead(context);
    }

    private void awaitHead(ChannelHandlerContext context) {
        headTimer = context.executor()
                .schedule(() -> LingeringClose.cut(context.channel()), settings.times().handshake().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stopAwaitingHead() {
        if (headTimer != null) {
            headTimer.cancel(false);
            headTimer = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closing != null && message instanceof ByteBuf bytes) {
            closing.onDiscarded(bytes.readableBytes());
        }
        try {
            if (message instanceof RequestDecoder.Refused refused) {
                stopAwaitingHead();
                HeadCheck.Refusal refusal = refused.refusal();
                refuse(context, Response.text(refusal.status(), refusal.reason()));
            } else if (message instanceof HttpRequest request) {
                stopAwaitingHead();
                taking = true;
                take(context, request);
                taking = false;
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(ChannelHandlerContext context, HttpRequest parsed) {
        if (parsed.decoderResult().isFailure()) {
            refuse(context, Response.text(400, "the request cannot be parsed"));
            return;
        }
        // A body is not read here, so nothing can follow it.
        keepAlive = HttpUtil.isKeepAlive(parsed) && !decoder.announcesBody();
        isHead = parsed.method().equals(HttpMethod.HEAD);
        isHttp10 = parsed.protocolVersion().equals(HttpVersion.HTTP_1_0);
        answering = true;
        context.channel().config().setAutoRead(false);
        Request request = request(context, parsed);
        server.application().answer(request, server.isStopping(), new LoopOf(context), answer -> answer(context, request, answer));
    }

    /** Refuses what is no request, so that nothing can follow it. */
    private void refuse(ChannelHandlerContext context, Response response) {
        keepAlive = false;
        isHead = false;
        isHttp10 = false;
        respond(context, null, response);
    }

    private static Request request(ChannelHandlerContext context, HttpRequest parsed) {
        return new Request(new KnownRequest(
                parsed.method().name(),
                parsed.uri(),
                parsed.protocolVersion().text(),
                HeaderFields.received(parsed.headers()),
                context.channel().remoteAddress(),
                context.channel().localAddress(),
                BinaryMessage.wrap(new byte[0]).chunks()));
    }

    private void answer(ChannelHandlerContext context, Request request, Application.Answer answer) {
        if (!context.channel().isActive()) {
            LOG.debug("{} from {} is answered after the client has gone", request, request.remoteAddress());
            return;
        }
        switch (answer) {
            case Application.Answer.Sending(Response response) -> respond(context, request, response);
            case Application.Answer.Switching(Response response, Opening opening) -> upgrade(context, response, opening);
        }
    }

    private void respond(ChannelHandlerContext context, @Nullable Request request, Response response) {
        Delivery delivery = Delivery.of(response, isHead, keepAlive && !server.isStopping(), isHttp10);
        keepAlive = delivery.keepAlive();
        responses(context).write(request, response, delivery, written -> written(context, written));
    }

    private ResponseWriter responses(ChannelHandlerContext context) {
        ResponseWriter writer = responses;
        if (writer == null) {
            writer = new ResponseWriter(context, noProgressNanos);
            responses = writer;
        }
        return writer;
    }

    private void written(ChannelHandlerContext context, ChannelFuture last) {
        if (!keepAlive) {
            close(context);
        } else if (last.isDone()) {
            goOn(context, last); // not as a listener: the channel lets nothing leave while it calls one
        } else {
            last.addListener(accepted -> goOn(context, accepted));
        }
    }

    /**
     * Takes the next request, once the transport has the whole response to the one before: a client that reads no responses is to be asked
     * for no more.
     */
    private void goOn(ChannelHandlerContext context, Future<?> written) {
        if (!written.isSuccess()) {
            exceptionCaught(context, written.cause());
            return;
        }
        answering = false;
        if (!keepAlive) {
            close(context);
            return;
        }
        awaitHead(context);
        readOn(context.channel());
        decoder.next();
        if (taking) {
            return; // answered at once: the decoder goes on by itself, and the stack gets no deeper
        }
        try {
            decoder.goOn(context.pipeline().context(decoder));
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
        closeIfDone(context);
    }

    /** What the client sent before its end is answered; nothing else will come. */
    private void closeIfDone(ChannelHandlerContext context) {
        if (inputEnded && !decoder.isWaiting() && closing == null) {
            close(context);
        }
    }

    private void close(ChannelHandlerContext context) {
        stopAwaitingHead();
        readOn(context.channel());
        closing = LingeringClose.begin(
                context.channel(), inputEnded, settings.webSocket().engineSettings().closeTimeout().toNanos());
        context.pipeline().remove(decoder);
    }

    private void readOn(Channel channel) {
        if (!inputEnded) { // else epoll breaks the connection
            channel.config().setAutoRead(true);
        }
    }

    /** Answers 101 and switches the pipeline in one step: bytes behind the request go to the WebSocket connection. */
    private void upgrade(ChannelHandlerContext context, Response response, Opening opening) {
        ByteBuf head = context.alloc().directBuffer(ResponseHead.USUAL_BYTES);
        ResponseHead.writeSwitching(head, response);
        context.writeAndFlush(head, context.voidPromise());
        Channel channel = context.channel();
        NettyWire wire = new NettyWire(channel);
        channel.pipeline().addLast(wire);
        // First, since a handler may send as soon as it is opened; the decoder last, since its removal passes on what waits.
        channel.pipeline().remove(this);
        server.add(channel, LiveConnection.open(wire, opening));
        channel.pipeline().remove(decoder);
        readOn(channel);
        if (inputEnded) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!NettyWire.isInputEnd(event) || inputEnded) {
            return;
        }
        inputEnded = true;
        if (closing != null) {
            closing.onInputEnd();
        } else {
            closeIfDone(context);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (responses != null && context.channel().isWritable()) {
            responses.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopAwaitingHead();
        if (responses != null) {
            responses.onClosed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (NettyWire.isOfTransport(cause)) {
            LOG.debug("connection from {} broke: {}", context.channel().remoteAddress(), cause.toString());
        } else {
            LOG.error("serving HTTP to {} failed, closing its connection", context.channel().remoteAddress(), cause);
        }
        context.channel().close();
    }

    /** Closes a connection, one that is answering when the response has left; for a server that stops, on the loop. */
    static void closeIdle(Channel channel) {
        HttpConnection connection = channel.pipeline().get(HttpConnection.class);
        if (connection == null || connection.closing != null) {
            return;
        }
        if (connection.answering) {
            connection.keepAlive = false;
        } else {
            channel.close();
        }
    }

    /** A connection's loop. */
    private record LoopOf(ChannelHandlerContext context) implements Application.Loop {
        @Override
        public boolean isCurrent() {
            return context.executor().inEventLoop();
        }

        @Override
        public LoopWatch watch() {
            return LoopTasks.of(context.channel().eventLoop()).watch();
        }

        @Override
        public void execute(Runnable task) {
            context.executor().execute(task);
        }
    }
}
