// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.connection.LiveConnection;
import io.hawser.connection.LoopWatch;
import io.hawser.connection.Opening;
import io.hawser.network.HttpSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection while it speaks HTTP: gives requests to the handler, one after another, and writes the responses, or switches to WebSocket. */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    /** RFC 9110 5.6.7. */
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

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
                .schedule(() -> LingeringClose.cut(context.channel()), settings.handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
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
        if (request.upgrade().isPresent()) {
            if (server.isStopping()) {
                respond(context, Response.text(503, "the server is stopping"));
                return;
            }
            if (!settings.origins().permits(request.headers()::allValues, settings.tls().isPresent())) {
                respond(context, Response.text(403, "pages of this origin may not connect"));
                return;
            }
        }
        call(context, request);
    }

    /** Refuses what is no request, so that nothing can follow it. */
    private void refuse(ChannelHandlerContext context, Response response) {
        keepAlive = false;
        isHead = false;
        respond(context, response);
    }

    private static Request request(ChannelHandlerContext context, HttpRequest parsed) {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        parsed.headers().forEach(field -> fields.computeIfAbsent(field.getKey(), name -> new ArrayList<>(1)).add(field.getValue()));
        return new Request(
                parsed.method().name(),
                parsed.uri(),
                parsed.protocolVersion().text(),
                HttpHeaders.of(fields, (name, value) -> true),
                context.channel().remoteAddress());
    }

    private void call(ChannelHandlerContext context, Request request) {
        if (settings.handler() instanceof HttpHandler.Async async) {
            try {
                ask(context, request, async).whenComplete((response, failure) -> answer(context, request, response, failure));
            } catch (Throwable failure) { // whatever a handler throws is this request's failure alone
                answer(context, request, null, failure);
            }
            return;
        }
        Thread.ofVirtual().name("hawser-http").start(() -> {
            try {
                answer(context, request, settings.handler().handle(request), null);
            } catch (Throwable failure) { // as above
                answer(context, request, null, failure);
            }
        });
    }

    /** Calls the application on the loop, where that is watched. */
    private static CompletionStage<Response> ask(ChannelHandlerContext context, Request request, HttpHandler.Async async) {
        LoopWatch watch = LoopTasks.of(context.channel().eventLoop()).watch();
        watch.enter(request);
        try {
            return async.answer().apply(request);
        } finally {
            watch.leave(request);
        }
    }

    private void answer(
            ChannelHandlerContext context, Request request, @Nullable Response response, @Nullable Throwable failure) {
        if (!context.executor().inEventLoop()) {
            context.executor().execute(() -> answer(context, request, response, failure));
            return;
        }
        Response told = response == null ? failed(request, failure) : response;
        if (!context.channel().isActive()) {
            LOG.debug("{} from {} is answered after the client has gone", request, request.remoteAddress());
        } else if (told.webSocket().isPresent()) {
            upgrade(context, request, told);
        } else {
            respond(context, told);
        }
    }

    private static Response failed(Request request, @Nullable Throwable failure) {
        LOG.error("handler of {} from {} failed, answering 500", request, request.remoteAddress(),
                failure == null ? new NullPointerException("the handler returned null") : failure);
        return Response.text(500, "Internal Server Error");
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

    /** A response as it leaves, with the fields that are the server's own. */
    private DefaultFullHttpResponse message(Response response) {
        byte[] body = new byte[response.body().remaining()];
        response.body().get(body);
        DefaultFullHttpResponse message = head(response, isHead ? new byte[0] : body);
        int status = response.status();
        if (status != 204 && status != 304) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        if (status == 426) {
            // RFC 9110 15.5.22: the server MUST send an Upgrade header field; 7.8: and the "upgrade" connection option with it.
            message.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
            message.headers().add(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        }
        if (!keepAlive) {
            message.headers().add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (!message.headers().contains(HttpHeaderNames.DATE)) {
            // RFC 9110 6.6.1: an origin server with a clock MUST generate a Date header field.
            message.headers().set(HttpHeaderNames.DATE, IMF_FIXDATE.format(Instant.now()));
        }
        return message;
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

    private static DefaultFullHttpResponse head(Response response, byte[] body) {
        DefaultFullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), Unpooled.wrappedBuffer(body));
        response.headers().map().forEach((name, values) -> message.headers().add(name, values));
        return message;
    }

    /** Answers 101 and switches the pipeline in one step: bytes behind the request go to the WebSocket connection. */
    private void upgrade(ChannelHandlerContext context, Request request, Response response) {
        WebSocketHandler handler = Objects.requireNonNull(response.webSocket().orElse(null));
        if (request.upgrade().isEmpty()) {
            answer(context, request, null, new IllegalStateException("an upgrade was accepted that was not asked for"));
            return;
        }
        Request accepted = response.accepted().orElse(request);
        if (!accepted.headers().equals(request.headers())) { // its key is another's, and with it the response
            answer(context, request, null, new IllegalStateException("the upgrade that was accepted is another request's"));
            return;
        }
        Opening opening;
        try {
            opening = Opening.ofServer(accepted, response, handler, settings.webSocket());
        } catch (Throwable failure) { // the application's as well; later there would be no way to tell the client
            answer(context, request, null, failure);
            return;
        }
        context.writeAndFlush(head(response, new byte[0]), context.voidPromise());
        Channel channel = context.channel();
        NettyWire wire = new NettyWire(channel);
        channel.pipeline().addLast(wire);
        // First, since a handler may send as soon as it is opened; the decoder last, since its removal passes on what waits.
        channel.pipeline().remove(this);
        channel.pipeline().remove(encoder);
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
