// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.HttpStatusException;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.Opening;
import io.hawser.http.Application;
import io.hawser.http.HttpSettings;
import io.hawser.http.Unsent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection while it speaks HTTP: gives requests to the handler, one after another, and writes the responses, or switches to WebSocket. */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final NettyServer server;
    private final HttpSettings settings;
    private final long noProgressNanos;
    private final long closeNanos;
    private final RequestDecoder decoder;

    private @Nullable ChannelHandlerContext context;
    private @Nullable Deadline deadline;
    private @Nullable RequestLoop loop;
    private @Nullable ResponseWriter responses;
    private NettyRequest.@Nullable Connection shared;
    private @Nullable LingeringClose closing;
    private boolean inputEnded;
    private boolean taking;
    /** Whether the deadline is that of a head. */
    private boolean headAwaited;
    /** The last write that nothing has flushed yet. */
    private @Nullable ChannelFuture unflushed;
    /** Whether it waits to be accepted. */
    private boolean flushing;

    /** What is under way; null between requests. */
    private @Nullable Exchange exchange;
    /** Whether the server stops, so that no request is taken behind those that were answered. */
    private boolean ending;

    private HttpConnection(NettyServer server, HttpSettings settings) {
        this.server = server;
        this.settings = settings;
        this.noProgressNanos = settings.webSocket().engineSettings().noProgressTimeout().toNanos();
        this.closeNanos = settings.webSocket().engineSettings().closeTimeout().toNanos();
        this.decoder = new RequestDecoder(settings.headLimits(), this::afterRead);
    }

    /** Makes a channel speak HTTP. */
    static void install(Channel channel, NettyServer server, HttpSettings settings) {
        HttpConnection connection = new HttpConnection(server, settings);
        channel.pipeline().addLast(connection.decoder, connection);
        server.add(channel);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        deadline = new Deadline(added.executor());
        loop = new RequestLoop(added);
        responses = new ResponseWriter(added, noProgressNanos);
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    private RequestLoop loop() {
        return Objects.requireNonNull(loop);
    }

    /** What is to happen unless something comes. */
    Deadline deadline() {
        return Objects.requireNonNull(deadline);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        awaitHead();
    }

    private void awaitHead() {
        headAwaited = true;
        deadline().set(settings.times().handshake().toNanos(), () -> LingeringClose.cut(context().channel()));
    }

    private void awaitNext() {
        headAwaited = false;
        deadline().set(settings.times().idle().toNanos(), () -> LingeringClose.cut(context().channel()));
    }

    // ---- requests

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        if (closing != null && message instanceof ByteBuf bytes) {
            closing.onDiscarded(bytes.readableBytes());
        }
        try {
            if (message instanceof RequestDecoder.Refused refused) {
                Exchange answered = Exchange.ofNoRequest(this, decoder, loop());
                exchange = answered;
                refuse(answered, refused.refusal());
            } else if (message instanceof HttpRequest request) {
                taking = true;
                take(request);
                taking = false;
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(HttpRequest parsed) {
        deadline().clear();
        Exchange begun = Exchange.of(this, decoder, loop(), parsed);
        exchange = begun;
        HeadCheck.Refusal fault = begun.fault(parsed);
        if (fault != null) {
            refuse(begun, fault);
            return;
        }
        begun.refuseBodyOfUpgrade();
        if (shared == null) {
            shared = NettyRequest.Connection.of(context().channel(), settings.maxBodyBytes());
        }
        Request request = new Request(new NettyRequest(parsed, shared, begun.bodyOrNone()));
        loop().onAsked(server.application()
                .answer(request, server.isStopping(), loop(), answer -> loop().guard(() -> answer(begun, request, answer))));
    }

    /** Refuses what is no request, or the rest of one, so that nothing can follow it. */
    void refuse(Exchange refused, HeadCheck.Refusal refusal) {
        deadline().clear();
        refused.endsConnection();
        respond(refused, null, Response.text(refusal.status(), refusal.reason()));
    }

    private void answer(Exchange answered, Request request, Application.Answer answer) {
        if (!context().channel().isActive() || answered.isResponded() || closing != null) {
            LOG.debug("{} from {} is answered after the client has gone, or was refused", request, request.remoteAddress());
            if (answer instanceof Application.Answer.Sending(Response response)) {
                Unsent.discard(response);
            }
            return;
        }
        switch (answer) {
            case Application.Answer.Sending(Response response) -> respond(answered, request, response);
            case Application.Answer.Switching(Response response, Opening opening) -> upgrade(response, opening);
        }
    }

    // ---- responses

    private void respond(Exchange answered, @Nullable Request request, Response response) {
        answered.leaveBody(response);
        if (answered.isResponded() || closing != null) {
            Unsent.discard(response); // what came of the body was malformed
            return;
        }
        if (server.isStopping() || ending) {
            answered.endsConnection();
        }
        responses().write(request, response, answered.begin(response), last -> onWritten(answered, last));
    }

    /** Where responses are written. */
    ResponseWriter responses() {
        return Objects.requireNonNull(responses);
    }

    /** Goes on once the transport has the whole response: a client that reads no responses is to be asked for no more requests. */
    private void onWritten(Exchange answered, ChannelFuture last) {
        if (taking && answered.isKeptAlive() && context().channel().isWritable()) {
            unflushed = last; // leaves with the responses to the requests behind this one
            onLeft(answered);
            return;
        }
        unflushed = null;
        context().flush();
        if (last.isDone()) {
            onAccepted(answered, last); // not as a listener: the channel lets nothing leave while it calls one
        } else {
            NoProgressTimer.watch(context().channel(), last, noProgressNanos, () -> 0);
            last.addListener(accepted -> onAccepted(answered, accepted));
        }
    }

    private void onAccepted(Exchange answered, Future<?> last) {
        if (last.isSuccess()) {
            onLeft(answered);
        } else {
            exceptionCaught(context(), last.cause());
        }
    }

    private void onLeft(Exchange answered) {
        answered.endResponse();
        RequestBody body = answered.body();
        if (body == null || answered.isBodyOver() || !answered.isKeptAlive()) {
            next();
        } else {
            body.drop();
            deadline().set(closeNanos, this::closeIfLeft);
            goOn();
        }
    }

    /** The exchange is over. */
    void next() {
        if (exchange != null && !exchange.isKeptAlive()) {
            closeIfLeft();
            return;
        }
        exchange = null;
        decoder.next();
        awaitNext();
        goOn();
    }

    /** Goes on with what has come already; if that is being gone through, that goes on by itself, and the stack gets no deeper. */
    void goOn() {
        if (closing != null || context().isRemoved()) { // for an upgrade
            return;
        }
        try {
            decoder.goOn();
        } catch (Exception e) {
            context().fireExceptionCaught(e);
        }
    }

    /** What has come was gone through. */
    private void afterRead() {
        if (closing != null) {
            return;
        }
        flush();
        if (exchange != null) {
            if (!exchange.isBodyOver()) {
                exchange.awaitBody(inputEnded && !decoder.hasUnread(), settings.times().idle().toNanos());
            }
        } else if (inputEnded && unflushed == null) {
            close(); // what the client sent before its end is answered; nothing else will come
        } else if (!headAwaited && decoder.isInHead()) {
            awaitHead();
        }
    }

    /** Lets the responses leave that were written one behind another; while they cannot, no more requests are taken. */
    private void flush() {
        ChannelFuture last = unflushed;
        if (last == null || flushing) {
            return;
        }
        context().flush();
        if (last.isDone()) {
            onFlushed(last);
            return;
        }
        flushing = true;
        deadline().clear();
        decoder.pause(true);
        context().channel().config().setAutoRead(false);
        NoProgressTimer.watch(context().channel(), last, noProgressNanos, () -> 0);
        last.addListener(accepted -> {
            flushing = false;
            decoder.pause(false);
            if (exchange == null) {
                awaitNext();
            }
            onFlushed(accepted);
            goOn();
        });
    }

    private void onFlushed(Future<?> last) {
        unflushed = null;
        if (!last.isSuccess()) {
            exceptionCaught(context(), last.cause());
        } else if (ending && exchange == null) {
            close();
        }
    }

    /** Closes a connection that nothing can follow on, if its last response has left. */
    void closeIfLeft() {
        if (closing == null && exchange != null && exchange.hasLeft()) {
            close();
        }
    }

    private void close() {
        deadline().clear();
        readOn(context().channel());
        context().pipeline().remove(decoder); // before a close that may come at once takes it away
        closing = LingeringClose.begin(context().channel(), inputEnded, closeNanos);
        if (exchange != null && exchange.body() != null) {
            exchange.body().drop();
        }
    }

    private void readOn(Channel channel) {
        if (!inputEnded) { // else epoll breaks the connection
            channel.config().setAutoRead(true);
        }
    }

    /** Answers 101 and switches the pipeline in one step: bytes behind the request go to the WebSocket connection. */
    private void upgrade(Response response, Opening opening) {
        ChannelHandlerContext switching = context();
        ByteBuf head = switching.alloc().directBuffer(ResponseHead.USUAL_BYTES);
        ResponseHead.writeSwitching(head, response);
        switching.writeAndFlush(head, switching.voidPromise());
        deadline().end();
        loop().end(false);
        Channel channel = switching.channel();
        server.add(channel, NettyWire.open(channel, opening, List.of(this)));
        channel.pipeline().remove(decoder); // which passes on what waits
        readOn(channel);
        if (inputEnded) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    // ---- the channel

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (!NettyWire.isInputEnd(event) || inputEnded) {
            return;
        }
        inputEnded = true;
        if (closing != null) {
            closing.onInputEnd();
        } else {
            afterRead();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        if (context().channel().isWritable()) {
            responses().onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        deadline().end();
        loop().end(server.isStopping());
        responses().onClosed();
        if (exchange != null) {
            exchange.breakOff(new HttpStatusException(400, "the client went away in the midst of the body"));
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
        connection.ending = true;
        if (connection.exchange == null && connection.unflushed == null) {
            channel.close();
        } else if (connection.exchange != null) {
            connection.exchange.endsConnection();
        }
    }
}
