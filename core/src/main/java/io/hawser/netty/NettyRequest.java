// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Request;
import io.hawser.http.HeaderFields;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A request as Netty's parser gives it; what it makes of that, it makes when it is asked for. */
final class NettyRequest implements Request.Source {
    private final HttpRequest parsed;
    private final Connection connection;
    private final Flow.Publisher<ByteBuffer> body;
    /** Immutable and equal whoever makes it, so a race does no harm. */
    private volatile @Nullable HttpHeaders headers;

    NettyRequest(HttpRequest parsed, Connection connection, Flow.Publisher<ByteBuffer> body) {
        this.parsed = parsed;
        this.connection = connection;
        this.body = body;
    }

    /** What all requests of one connection have in common. */
    record Connection(
            Channel channel, SocketAddress remoteAddress, SocketAddress localAddress, Optional<SSLSession> tlsSession, long maxBodyBytes) {
        /** Of an open channel, whose TLS handshake is over if it has one. */
        static Connection of(Channel channel, long maxBodyBytes) {
            Optional<SSLSession> session =
                    Optional.ofNullable(channel.pipeline().get(SslHandler.class)).map(tls -> tls.engine().getSession());
            return new Connection(channel, channel.remoteAddress(), channel.localAddress(), session, maxBodyBytes);
        }
    }

    @Override
    public String method() {
        return parsed.method().name();
    }

    @Override
    public String target() {
        return parsed.uri();
    }

    @Override
    public String version() {
        return parsed.protocolVersion().text();
    }

    @Override
    public HttpHeaders headers() {
        HttpHeaders made = headers;
        if (made == null) {
            made = HeaderFields.received(parsed.headers());
            headers = made;
        }
        return made;
    }

    @Override
    public List<String> values(String name) {
        return parsed.headers().contains(name) ? List.copyOf(parsed.headers().getAll(name)) : List.of();
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public SocketAddress localAddress() {
        return connection.localAddress();
    }

    @Override
    public Optional<SSLSession> tlsSession() {
        return connection.tlsSession();
    }

    @Override
    public Flow.Publisher<ByteBuffer> body() {
        return body;
    }

    @Override
    public long maxBodyBytes() {
        return connection.maxBodyBytes();
    }

    @Override
    public boolean isOnLoop() {
        return connection.channel().eventLoop().inEventLoop();
    }
}
