// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.ConnectFailedException;
import io.hawser.network.Proxies;
import io.hawser.network.UpgradeSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A way through a proxy, from the proxy's socket to its consent; then the attempt goes on in it. Stands behind Netty's handler, which asks
 * the proxy, by HTTP's CONNECT (RFC 9110, 9.3.6) or SOCKS version 5 (RFC 1928). From {@link #start} on its loop's own.
 */
final class Tunnel extends ChannelInboundHandlerAdapter {
    private static final int MAX_SOCKS_BYTES = 255;
    private static final String ASKING = "proxy";
    private static final String READABLE = "readable";

    private final Proxy way;
    private final UpgradeSettings settings;
    private final UpgradeAttempt attempt;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * A way that is yet to be gone.
     *
     * @throws ConnectFailedException if the proxy cannot be told who asks
     */
    Tunnel(Proxy way, UpgradeSettings settings, UpgradeAttempt attempt) {
        this.way = way;
        this.settings = settings;
        this.attempt = attempt;
        if (way.type() == Proxy.Type.SOCKS) {
            settings.proxies().login().ifPresent(login -> {
                requireSocks(login.user());
                requireSocks(login.password());
            });
        }
    }

    private void requireSocks(String text) {
        // RFC 1929 2: each has a length of 1 to 255. Netty sends them as ASCII.
        if (text.isEmpty() || text.length() > MAX_SOCKS_BYTES || !StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            throw settings.failure(name(way) + " takes a name and a password of 1 to 255 ASCII characters only", null);
        }
    }

    /** A proxy as messages name it. */
    static String name(Proxy way) {
        String kind = way.type() == Proxy.Type.SOCKS ? "the SOCKS proxy " : "the HTTP proxy ";
        return kind + (way.address() instanceof InetSocketAddress address ? NetUtil.toSocketAddressString(address) : way.address());
    }

    /** The server. Its name is looked up by the proxy, which may know names that we don't. */
    InetSocketAddress destination() {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(settings.host());
        return literal == null
                ? InetSocketAddress.createUnresolved(settings.host(), settings.port())
                : new InetSocketAddress(literal, settings.port());
    }

    /** Puts what asks the proxy at this address into the pipeline of a socket that is yet to be connected. */
    void install(Channel channel, InetSocketAddress proxy) {
        ProxyHandler handler = handler(proxy);
        channel.pipeline().addLast(ASKING, handler);
        channel.pipeline().addBefore(ASKING, READABLE, new ReadableAnswers());
    }

    private ProxyHandler handler(InetSocketAddress proxy) {
        String user = settings.proxies().login().map(Proxies.Login::user).orElse(null);
        String password = settings.proxies().login().map(Proxies.Login::password).orElse(null);
        ProxyHandler handler;
        if (way.type() == Proxy.Type.SOCKS) {
            handler = new Socks5ProxyHandler(proxy, user, password);
        } else if (user == null || password == null) {
            handler = new HttpProxyHandler(proxy);
        } else {
            handler = new HttpProxyHandler(proxy, user, password);
        }
        handler.setConnectTimeoutMillis(0); // this one's deadline counts
        return handler;
    }

    /** Waits for the proxy's consent, on a socket to it. */
    void start(Channel channel) {
        channel.pipeline().addLast(this);
        timer = channel.eventLoop().schedule(
                () -> fail(channel, "did not answer within " + settings.timeout(), null),
                settings.deadline() - System.nanoTime(),
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ProxyConnectionEvent) {
            stopTimer();
            // First, since what the proxy sent behind its consent comes next.
            attempt.start(context.channel());
            context.pipeline().remove(READABLE);
            context.pipeline().remove(this);
        } else if (event == ChannelInputShutdownEvent.INSTANCE) {
            fail(context.channel(), "closed the connection before it answered", null);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable fault = cause.getCause();
        String what = fault == null
                ? "refused: " + said(context.pipeline().get(ProxyHandler.class), cause)
                : (fault instanceof IOException ? "broke the connection: " : "gave an answer that cannot be read: ") + fault.getMessage();
        fail(context.channel(), what, cause);
    }

    /** The failure without what Netty puts in front of it: scheme of authorisation and addresses. */
    private static String said(ProxyHandler handler, Throwable cause) {
        String message = "" + cause.getMessage();
        String prefix = " => " + handler.destinationAddress() + ", ";
        int at = message.indexOf(prefix);
        return at < 0 ? message : message.substring(at + prefix.length());
    }

    private void fail(Channel channel, String what, @Nullable Throwable cause) {
        stopTimer();
        attempt.fail(channel, settings.failure(name(way) + " " + what, cause));
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Between parser and Netty's handler, which does not ask whether the answer could be read. */
    private static final class ReadableAnswers extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof DecoderResultProvider answer && answer.decoderResult().isFailure()) {
                ReferenceCountUtil.release(message);
                context.fireExceptionCaught(answer.decoderResult().cause());
            } else {
                context.fireChannelRead(message);
            }
        }
    }
}
