// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.BinaryMessage;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.Opening;
import io.hawser.http.Application;
import io.hawser.http.HeaderFields;
import io.hawser.http.KnownRequest;
import io.hawser.protocol.handshake.ServerHandshake;
import io.hawser.protocol.handshake.UpgradeRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the first request that asks for a WebSocket out of a pipeline that somebody else has built, and lets those before it pass. Behind that
 * request nothing is HTTP: the decoder goes at once, and what it has not read waits here for the connection, or is dropped behind a refusal.
 */
final class UpgradeTaker extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeTaker.class);

    private final PipelineUpgrades upgrades;
    private final ResponseCount responses = new ResponseCount(this::askIfDue);
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
    private @Nullable ChannelHandlerContext self;
    private State state = State.PASSING;
    private boolean asked;
    private boolean inputEnded;
    private @Nullable Request request;
    private boolean isHead;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable LingeringClose closing;

    UpgradeTaker(PipelineUpgrades upgrades) {
        this.upgrades = upgrades;
    }

    private enum State {
        /** HTTP goes by. */
        PASSING,
        /** The head of a request was taken; its end is to come. */
        TAKING,
        /** The request waits for the responses to those before it, or for the application; bytes behind it wait as well. */
        WAITING,
        /** The request was accepted. */
        SWITCHED,
        /** The request was refused, and nothing follows it. */
        CLOSING
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Channel channel = context.channel();
        require(
                channel instanceof DuplexChannel,
                "WebSocket needs a channel whose output can be ended alone, as those of sockets can; " + channel + " is none");
        require(
                context.executor().equals(channel.eventLoop()),
                "WebSocket runs on the channel's own event loop: add its handler without an executor");
        require(
                decoder(channel.pipeline()) != null,
                "no HttpServerCodec or HttpRequestDecoder in the pipeline of " + channel + ": put one in front of the handler for WebSocket");
        self = context;
        channel.pipeline().addAfter(context.name(), null, responses);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static @Nullable ChannelHandler decoder(ChannelPipeline pipeline) {
        HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
        return codec == null ? pipeline.get(HttpRequestDecoder.class) : codec;
    }

    private ChannelHandlerContext self() {
        return Objects.requireNonNull(self);
    }

    private Channel channel() {
        return self().channel();
    }

    // ---- while HTTP goes by

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (state) {
            case PASSING -> pass(context, message);
            case TAKING -> {
                ReferenceCountUtil.release(message);
                if (message instanceof LastHttpContent) {
                    endHttp();
                }
            }
            case WAITING, SWITCHED -> hold(message);
            case CLOSING -> drop(message);
        }
    }

    private void pass(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HttpRequest parsed)) {
            context.fireChannelRead(message);
            return;
        }
        if (asksForWebSocket(parsed)) {
            Request asking = request(context.channel(), parsed);
            if (upgrades.takes(asking.path())) {
                boolean whole = message instanceof LastHttpContent;
                ReferenceCountUtil.release(message);
                take(asking, whole);
                return;
            }
        }
        responses.expect();
        context.fireChannelRead(message);
    }

    private static boolean asksForWebSocket(HttpRequest parsed) {
        if (parsed.decoderResult().isFailure() || !parsed.headers().contains(HttpHeaderNames.UPGRADE)) {
            return false;
        }
        UpgradeRequest upgrade = ServerHandshake.read(
                parsed.method().name(), parsed.protocolVersion().text(), parsed.headers()::getAll);
        return !(upgrade instanceof UpgradeRequest.NotAttempted);
    }

    private static Request request(Channel channel, HttpRequest parsed) {
        return new Request(new KnownRequest(
                parsed.method().name(),
                parsed.uri(),
                parsed.protocolVersion().text(),
                HeaderFields.received(parsed.headers()),
                channel.remoteAddress(),
                channel.localAddress(),
                NettyWire.tlsSession(channel),
                BinaryMessage.wrap(new byte[0]).chunks()));
    }

    // ---- a request is taken

    private void take(Request asking, boolean whole) {
        Channel channel = channel();
        request = asking;
        isHead = asking.method().equals("HEAD");
        state = State.TAKING;
        if (!upgrades.open().isStopping()) {
            upgrades.open().add(channel);
        }
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        holdReading(channel);
        startTimer();
        // A faulty request may have a body, which nobody waits for.
        if (whole || asking.upgrade().isEmpty()) {
            endHttp();
        }
    }

    private static void holdReading(Channel channel) {
        channel.config().setAutoRead(false);
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null) {
            channel.pipeline().addBefore(tls.name(), null, new TlsContexts.HeldReads());
        }
    }

    /** The decoder passes on what it has not read, which is not HTTP any more; the encoder stays for the responses. */
    private void endHttp() {
        state = State.WAITING;
        ChannelHandler decoder = decoder(channel().pipeline());
        if (decoder instanceof HttpServerCodec codec) {
            codec.removeInboundHandler();
        } else if (decoder != null) {
            channel().pipeline().remove(decoder);
        }
        askIfDue();
    }

    private void startTimer() {
        long nanos = upgrades.settings().times().request().toNanos();
        if (nanos > 0) {
            timer = channel().eventLoop().schedule(this::giveUp, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void giveUp() {
        if (state == State.TAKING || state == State.WAITING) {
            LOG.warn("{} from {} is not answered in time, answering 503", request, channel().remoteAddress());
            refuse(Response.text(503, "there was no answer in time"));
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** RFC 9112 9.3.2: a server MUST send the responses in the same order that the requests were received. */
    private void askIfDue() {
        if (state == State.WAITING && !asked && responses.isNone()) {
            asked = true;
            upgrades.application().answer(
                    Objects.requireNonNull(request),
                    upgrades.open().isStopping(),
                    new ChannelLoop(channel().eventLoop()),
                    this::answer);
        }
    }

    private void answer(Application.Answer answer) {
        if (state != State.WAITING || !channel().isActive()) {
            LOG.debug("{} from {} is answered when nobody waits for it any more", request, channel().remoteAddress());
            return;
        }
        stopTimer();
        switch (answer) {
            case Application.Answer.Sending(Response response) -> refuse(sendable(response));
            case Application.Answer.Switching(Response response, Opening opening) -> switchOver(response, opening);
        }
    }

    private Response sendable(Response response) {
        if (response.body() instanceof Response.Body.Bytes) {
            return response;
        }
        LOG.error("{} from {} was answered with {}, answering 500: here a refusal's body is bytes", request, channel().remoteAddress(), response);
        return Response.text(500, "Internal Server Error");
    }

    private void refuse(Response response) {
        state = State.CLOSING;
        releaseHeld();
        ByteBuf body = isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.bodyBytes());
        behind().forEach(channel().pipeline()::remove);
        ChannelFuture written =
                self().write(ResponseMessages.of(response, body, HeaderFields.of(response, false, Instant.now())));
        var engine = upgrades.settings().webSocket().engineSettings();
        closing = LingeringClose.begin(channel(), inputEnded, engine.closeTimeout().toNanos());
        NoProgressTimer.watch(channel(), written, engine.noProgressTimeout().toNanos());
        readOn();
    }

    private void switchOver(Response response, Opening opening) {
        state = State.SWITCHED;
        self().writeAndFlush(ResponseMessages.switching(response))
                .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        List<ChannelHandler> http = behind();
        for (Map.Entry<String, ChannelHandler> each : channel().pipeline()) {
            if (each.getValue() == this) {
                break;
            }
            if (upgrades.isOfHttp(each.getValue())) {
                http.add(each.getValue());
            }
        }
        upgrades.open().add(channel(), NettyWire.open(channel(), opening, http));
        readOn();
        channel().pipeline().remove(this); // which passes on what waits
    }

    /** The handlers behind this one, which no request will reach any more. */
    private List<ChannelHandler> behind() {
        List<ChannelHandler> behind = new ArrayList<>();
        boolean passed = false;
        for (Map.Entry<String, ChannelHandler> each : channel().pipeline()) {
            if (passed) {
                behind.add(each.getValue());
            }
            passed |= each.getValue() == this;
        }
        return behind;
    }

    private void readOn() {
        if (!inputEnded) { // else epoll breaks the connection
            channel().config().setAutoRead(true);
        }
    }

    // ---- what comes behind the request

    private void hold(Object message) {
        if (message instanceof ByteBuf bytes) {
            held.add(bytes);
        } else {
            ReferenceCountUtil.release(message); // of a body that was announced
        }
    }

    private void drop(Object message) {
        if (closing != null && message instanceof ByteBuf bytes) {
            closing.onDiscarded(bytes.readableBytes());
        }
        ReferenceCountUtil.release(message);
    }

    private void releaseHeld() {
        held.forEach(ByteBuf::release);
        held.clear();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (NettyWire.isInputEnd(event)) {
            inputEnded = true;
            if (closing != null) {
                closing.onInputEnd();
            }
        }
        // Others would close the channel, where this side still has something to say.
        if (state == State.PASSING || !NettyWire.isInputEnd(event)) {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (state == State.PASSING || !NettyWire.isOfTransport(cause)) {
            context.fireExceptionCaught(cause);
        } else {
            LOG.debug("connection from {} broke: {}", context.channel().remoteAddress(), cause.toString());
            context.channel().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopTimer();
        releaseHeld();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stopTimer();
        if (state != State.SWITCHED) {
            releaseHeld();
            return;
        }
        if (!held.isEmpty()) {
            while (!held.isEmpty()) {
                context.fireChannelRead(held.remove());
            }
            context.fireChannelReadComplete();
        }
        if (inputEnded) {
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }
}
