// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.ConnectFailedException;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocketException;
import io.hawser.connection.LiveConnection;
import io.hawser.connection.Opening;
import io.hawser.http.HeaderFields;
import io.hawser.network.ClientUpgrade;
import io.hawser.network.UpgradeOpener;
import io.hawser.network.UpgradeSettings;
import io.hawser.protocol.engine.PermessageDeflate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One socket until it is a WebSocket connection: asks for the upgrade, judges the response, and switches. Its loop's own. */
final class UpgradeAttempt extends ChannelInboundHandlerAdapter {
    private static final int MAX_BODY_BYTES = 64 << 10;

    private final NettyClient client;
    private final UpgradeSettings settings;
    private final Optional<SslContext> tls;
    private final UpgradeOpener opener;
    private final CompletableFuture<LiveConnection> opened;
    private final HttpRequestEncoder encoder = new HttpRequestEncoder();
    private final ResponseDecoder decoder;
    private final FullHttpRequest request;

    private @Nullable ScheduledFuture<?> timer;
    private boolean inputEnded;
    /** A response that refuses, until its body is there. */
    private @Nullable HttpResponse refusal;
    private final ByteBuf refusalBody = Unpooled.buffer(0, MAX_BODY_BYTES);

    UpgradeAttempt(
            NettyClient client,
            UpgradeSettings settings,
            Optional<SslContext> tls,
            UpgradeOpener opener,
            CompletableFuture<LiveConnection> opened) {
        this.client = client;
        this.settings = settings;
        this.tls = tls;
        this.opener = opener;
        this.opened = opened;
        this.decoder = new ResponseDecoder(settings.maxHeaderBytes());
        this.request = request(settings);
    }

    private static FullHttpRequest request(UpgradeSettings settings) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, settings.target(), Unpooled.EMPTY_BUFFER);
        ClientUpgrade.fields(settings).forEach(field -> request.headers().add(field.getKey(), field.getValue()));
        return request;
    }

    /** Gives a socket up as soon as nobody waits any more for what is asked on it. */
    void holds(Channel channel) {
        opened.whenComplete((live, failure) -> {
            if (failure != null) {
                channel.close();
            }
        });
    }

    /** Asks on a socket that stands, of the server or of a tunnel to it; on its loop. */
    void start(Channel channel) {
        if (opened.isDone()) {
            return;
        }
        tls.ifPresent(context -> TlsContexts.install(channel, context, settings.host(), settings.port(), settings.timeout()));
        channel.pipeline().addLast(encoder, decoder, this);
        timer = channel.eventLoop().schedule(() -> late(channel), settings.deadline() - System.nanoTime(), TimeUnit.NANOSECONDS);
        channel.writeAndFlush(request, channel.voidPromise());
    }

    /** The time is over, which is the end of a refusal that goes on. */
    private void late(Channel channel) {
        if (refusal != null) {
            refused(channel);
        } else {
            fail(channel, settings.timedOut());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpResponse response) {
                take(context, response);
            }
            if (message instanceof HttpContent content && refusal != null) {
                takeBody(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(ChannelHandlerContext context, HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            Throwable fault = response.decoderResult().cause();
            fail(context.channel(), settings.failure("the response cannot be read: " + fault.getMessage(), fault));
            return;
        }
        switch (ClientUpgrade.judge(response.status().code(), response.headers()::getAll, settings)) {
            case ClientUpgrade.Verdict.Interim nothing -> {}
            case ClientUpgrade.Verdict.Accepted(Optional<PermessageDeflate> deflate) ->
                open(context, Response.received(HeaderFields.received(response.headers())), deflate);
            case ClientUpgrade.Verdict.Faulty(ConnectFailedException failure) -> fail(context.channel(), failure);
            case ClientUpgrade.Verdict.Refused waitsForItsBody -> refusal = response;
        }
    }

    private void takeBody(ChannelHandlerContext context, HttpContent content) {
        ByteBuf bytes = content.content();
        refusalBody.writeBytes(bytes, Math.min(bytes.readableBytes(), MAX_BODY_BYTES - refusalBody.readableBytes()));
        boolean whole = content instanceof LastHttpContent || refusalBody.readableBytes() == MAX_BODY_BYTES;
        if (whole) {
            refused(context.channel());
        }
    }

    private void refused(Channel channel) {
        HttpResponse response = Objects.requireNonNull(refusal);
        refusal = null;
        fail(channel, new UpgradeRefusedException(
                settings.uri(),
                response.status().code(),
                HeaderFields.received(response.headers()),
                refusalBody.nioBuffer()));
    }

    /** Switches the pipeline in one step: bytes behind the response go to the WebSocket connection. */
    private void open(ChannelHandlerContext context, Response response, Optional<PermessageDeflate> deflate) {
        Channel channel = context.channel();
        Request asked = ClientUpgrade.request(settings, channel.remoteAddress());
        Opening opening;
        try {
            opening = opener.open(asked, response).agreeingOn(deflate);
        } catch (RuntimeException e) {
            stopTimer();
            opened.completeExceptionally(e); // which closes the socket
            return;
        }
        stopTimer();
        LiveConnection live = NettyWire.open(channel, opening, List.of(this, encoder));
        client.add(channel, live);
        if (!opened.complete(live)) {
            live.abort("nobody waits for the connection any more");
        }
        channel.pipeline().remove(decoder); // which passes on what waits
        if (inputEnded) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Gives the socket up. */
    void fail(Channel channel, WebSocketException failure) {
        stopTimer();
        opened.completeExceptionally(failure);
        channel.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (NettyWire.isInputEnd(event)) {
            inputEnded = true;
            ended(context);
        } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            fail(context.channel(), settings.failure("TLS failed: " + why(handshake.cause()), handshake.cause()));
        }
    }

    /** What is wrong with a certificate stands in the innermost cause; those around it say which part of TLS found it. */
    private static String why(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.equals(failure)
                ? "" + failure.getMessage()
                : innermost.getClass().getSimpleName() + ": " + innermost.getMessage();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended(context);
    }

    /** The end of the connection is the end of a body without a length, and else a failure. */
    private void ended(ChannelHandlerContext context) {
        if (refusal != null) {
            refused(context.channel());
        } else {
            fail(context.channel(), settings.notAnswered());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (refusal != null) {
            refused(context.channel());
        } else {
            fail(context.channel(), settings.failure("the connection broke: " + cause.getMessage(), cause));
        }
    }
}
