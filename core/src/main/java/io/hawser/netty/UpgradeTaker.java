// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.Opening;
import io.hawser.http.Application;
import io.hawser.http.Delivery;
import io.hawser.http.Unsent;
import io.hawser.protocol.handshake.ServerHandshake;
import io.hawser.protocol.handshake.UpgradeRequest;
import io.netty.buffer.ByteBuf;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final ResponseCount responses = new ResponseCount(this::onAllAnswered);
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
    private @Nullable ChannelHandlerContext self;
    private State state = State.PASSING;
    private boolean asked;
    private boolean inputEnded;
    private @Nullable Request request;
    private boolean isHead;
    private boolean isHttp10;
    private @Nullable RequestLoop loop;
    private @Nullable ResponseWriter writer;
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
            NettyRequest.Connection connection = NettyRequest.Connection.of(context.channel(), 0);
            Request asking = new Request(new NettyRequest(parsed, connection, RequestBody.NONE));
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

    // ---- a request is taken

    private void take(Request asking, boolean whole) {
        Channel channel = channel();
        request = asking;
        isHead = asking.method().equals("HEAD");
        isHttp10 = asking.version().equals("HTTP/1.0");
        state = State.TAKING;
        if (!upgrades.open().isStopping()) {
            upgrades.open().add(channel);
        }
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        holdReading(channel);
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

    /** In a later turn: this is a listener's, and the channel lets nothing leave while it calls one. */
    private void onAllAnswered() {
        if (state == State.WAITING) {
            channel().eventLoop().execute(this::askIfDue);
        }
    }

    /** RFC 9112 9.3.2: a server MUST send the responses in the same order that the requests were received. */
    private void askIfDue() {
        if (state == State.WAITING && !asked && responses.isNone()) {
            asked = true;
            RequestLoop asking = new RequestLoop(self());
            loop = asking;
            upgrades.application().answer(
                    Objects.requireNonNull(request), upgrades.open().isStopping(), asking, this::answer);
        }
    }

    private void answer(Application.Answer answer) {
        if (state != State.WAITING || !channel().isActive()) {
            LOG.debug("{} from {} is answered after the client has gone", request, channel().remoteAddress());
            if (answer instanceof Application.Answer.Sending(Response response)) {
                Unsent.discard(response);
            }
            return;
        }
        // The responses to the requests before it have left, so what leaves from here on is bytes.
        http().forEach(channel().pipeline()::remove);
        switch (answer) {
            case Application.Answer.Sending(Response response) -> refuse(response);
            case Application.Answer.Switching(Response response, Opening opening) -> switchOver(response, opening);
        }
    }

    private void refuse(Response response) {
        state = State.CLOSING;
        releaseHeld();
        ResponseWriter writing = new ResponseWriter(
                self(), upgrades.settings().webSocket().engineSettings().noProgressTimeout().toNanos());
        writer = writing;
        writing.write(request, response, Delivery.of(response, isHead, false, isHttp10), this::close);
        readOn();
    }

    /** Behind what was written. */
    private void close(ChannelFuture last) {
        var engine = upgrades.settings().webSocket().engineSettings();
        closing = LingeringClose.begin(channel(), inputEnded, engine.closeTimeout().toNanos());
        NoProgressTimer.watch(channel(), last, engine.noProgressTimeout().toNanos(), () -> 0);
    }

    private void switchOver(Response response, Opening opening) {
        state = State.SWITCHED;
        ByteBuf head = channel().alloc().directBuffer(ResponseHead.USUAL_BYTES);
        ResponseHead.writeSwitching(head, response);
        self().writeAndFlush(head).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        endLoop();
        upgrades.open().add(channel(), NettyWire.open(channel(), opening, List.of()));
        readOn();
        channel().pipeline().remove(this); // which passes on what waits
    }

    private void endLoop() {
        if (loop != null) {
            loop.end(false);
        }
    }

    /** The handlers that speak HTTP in front of this one, and all behind it, which no request will reach any more. */
    private List<ChannelHandler> http() {
        List<ChannelHandler> http = new ArrayList<>();
        boolean behind = false;
        for (Map.Entry<String, ChannelHandler> each : channel().pipeline()) {
            if (each.getValue() == this) {
                behind = true;
            } else if (behind || upgrades.isOfHttp(each.getValue())) {
                http.add(each.getValue());
            }
        }
        return http;
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
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (writer != null && context.channel().isWritable()) {
            writer.onWritable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        endLoop();
        if (writer != null) {
            writer.onClosed();
        }
        releaseHeld();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
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
