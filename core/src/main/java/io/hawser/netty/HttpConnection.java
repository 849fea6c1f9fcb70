// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.BinaryMessage;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.Opening;
import io.hawser.http.Application;
import io.hawser.http.HeaderFields;
import io.hawser.http.HttpSettings;
import io.hawser.http.KnownRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Instant;
import java.util.List;
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
    private final HttpResponseEncoder encoder = new HttpResponseEncoder();

    private @Nullable ScheduledFuture<?> headTimer;
    private @Nullable LingeringClose closing;
    private boolean inputEnded;
    private boolean taking;
    /** From a request until its response has left. */
    private boolean answering;

    private boolean keepAlive;
    private boolean isHead;

    private HttpConnection(NettyServer server, HttpSettings settings) {
        this.server = server;
        this.settings = settings;
        this.noProgressNanos = settings.webSocket().engineSettings().noProgressTimeout().toNanos();
        this.decoder = new RequestDecoder(settings.headLimits());
    }

    /** Makes a channel speak HTTP. */
    static void install(Channel channel, NettyServer server, HttpSettings settings) {
        HttpConnection connection = new HttpConnection(server, settings);
        channel.pipeline().addLast(connection.decoder, connection.encoder, connection);
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
        answering = true;
        context.channel().config().setAutoRead(false);
        Request request = request(context, parsed);
        server.application().answer(request, server.isStopping(), new ChannelLoop(context.channel().eventLoop()), answer -> answer(context, request, answer));
    }

    /** Refuses what is no request, so that nothing can follow it. */
    private void refuse(ChannelHandlerContext context, Response response) {
        keepAlive = false;
        isHead = false;
        respond(context, response);
    }

    private static Request request(ChannelHandlerContext context, HttpRequest parsed) {
        return new Request(new KnownRequest(
                parsed.method().name(),
                parsed.uri(),
                parsed.protocolVersion().text(),
                HeaderFields.received(parsed.headers()),
                context.channel().remoteAddress(),
                context.channel().localAddress(),
                NettyWire.tlsSession(context.channel()),
                BinaryMessage.wrap(new byte[0]).chunks()));
    }

    private void answer(ChannelHandlerContext context, Request request, Application.Answer answer) {
        if (!context.channel().isActive()) {
            LOG.debug("{} from {} is answered after the client has gone", request, request.remoteAddress());
            return;
        }
        switch (answer) {
            case Application.Answer.Sending(Response response) -> respond(context, response);
            case Application.Answer.Switching(Response response, Opening opening) -> upgrade(context, response, opening);
        }
    }

    private void respond(ChannelHandlerContext context, Response response) {
        if (server.isStopping()) {
            keepAlive = false;
        }
        ChannelFuture written = context.write(message(response));
        if (keepAlive) {
            context.flush();
        } else {
            close(context);
        }
        NoProgressTimer.watch(context.channel(), written, noProgressNanos);
        if (!keepAlive) {
            return;
        }
        if (written.isDone()) {
            goOn(context, written); // not as a listener: the channel lets nothing leave while it calls one
        } else {
            written.addListener(accepted -> goOn(context, accepted));
        }
    }

    private FullHttpResponse message(Response response) {
        ByteBuf body = isHead ? Unpooled.EMPTY_BUFFER : Unpooled.copiedBuffer(response.bodyBytes());
        return ResponseMessages.of(response, body, HeaderFields.of(response, keepAlive, Instant.now()));
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
        context.writeAndFlush(ResponseMessages.switching(response), context.voidPromise());
        Channel channel = context.channel();
        server.add(channel, NettyWire.open(channel, opening, List.of(this, encoder)));
        channel.pipeline().remove(decoder); // which passes on what waits
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
    public void channelInactive(ChannelHandlerContext context) {
        stopAwaitingHead();
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
}
