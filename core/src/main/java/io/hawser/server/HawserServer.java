// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import io.hawser.EventLoops;
import io.hawser.HttpHandler;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.http.HeadLimits;
import io.hawser.http.HttpSettings;
import io.hawser.http.HttpTimes;
import io.hawser.netty.NettyServer;
import io.hawser.network.Acceptor;
import io.hawser.network.Network;
import io.hawser.protocol.engine.PermessageDeflate;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A server for HTTP/1.1 and WebSocket on one port. Its threads are no daemons: the process lives until it is closed. */
public final class HawserServer implements AutoCloseable {
    private final Acceptor acceptor;
    private final PermessageDeflate.Memory compressionMemory;
    private final Duration grace;

    private HawserServer(Acceptor acceptor, PermessageDeflate.Memory compressionMemory, Duration grace) {
        this.acceptor = acceptor;
        this.compressionMemory = compressionMemory;
        this.grace = grace;
    }

    /**
     * Starts a server; it listens when this returns.
     *
     * @param options changes the {@link ServerOptions#defaults defaults}
     * @param handler answers all requests, and accepts upgrades or not
     * @throws UncheckedIOException if the address cannot be listened on, or the server is closed on whose event loops it was to run
     * @throws IllegalArgumentException if TLS was asked for without a certificate, or with files that cannot be read; or {@link
     *     ServerOptions#loops(EventLoops) loops} were given that are not a {@code HawserServer}'s
     * @throws IllegalStateException if a transport or an implementation of TLS was chosen that does not work here; on an event loop, if that
     *     is to run on loops of another server
     */
    public static HawserServer start(UnaryOperator<ServerOptions> options, HttpHandler handler) {
        ServerOptions chosen = options.apply(ServerOptions.defaults());
        HttpSettings settings = new HttpSettings(
                handler,
                chosen.webSocket(),
                new PermessageDeflate.Memory(chosen.webSocket().compression().memoryBytes()),
                chosen.origins(),
                new HeadLimits(chosen.maxRequestLineBytes(), chosen.maxHeaderBytes(), chosen.maxHeaders()),
                chosen.maxBodyBytes(),
                chosen.compressResponses(),
                new HttpTimes(chosen.handshakeTimeout(), chosen.idleTimeout(), chosen.requestTimeout()),
                chosen.tls(),
                chosen.transport(),
                chosen.loops(),
                chosen.blockedLoopWarning());
        InetSocketAddress address = new InetSocketAddress(chosen.host(), chosen.port());
        Acceptor acceptor = chosen.sharedLoops()
                .map(loops -> Network.of(loops).listen(address, settings))
                .orElseGet(() -> NettyServer.start(address, settings));
        return new HawserServer(acceptor, settings.compressionMemory(), chosen.grace());
    }

    /** The address that is listened on, with the port that was taken. */
    public InetSocketAddress address() {
        return acceptor.address();
    }

    /** The port that is listened on. */
    public int port() {
        return address().getPort();
    }

    /** How sockets are driven; never {@link Transport#AUTO}. */
    public Transport transport() {
        return acceptor.loops().transport();
    }

    /**
     * The event loops, for clients and other servers in the same process to run on; they end when the server is closed that began them, which
     * is this one unless it runs on those of another.
     */
    public EventLoops loops() {
        return acceptor.loops();
    }

    /** Whose TLS is in use, never {@link Tls.Provider#AUTO}; empty if the server speaks in the clear. */
    public Optional<Tls.Provider> tlsProvider() {
        return acceptor.tlsProvider();
    }

    /**
     * How many bytes compression takes now, of the {@linkplain io.hawser.Compression#memoryBytes(long) budget} that the server has for all its
     * WebSocket connections.
     */
    public long compressionBytes() {
        return compressionMemory.usedBytes();
    }

    /**
     * Looks at once whether the files of the certificates have changed, as otherwise happens {@link Tls#reloadEvery now and then}, and shows the new
     * ones to those who connect from then on. Blocks while it reads; the log tells of files that cannot be used.
     */
    public void reloadCertificates() {
        acceptor.reloadCertificates();
    }

    /**
     * Stops: accepts no more connections, closes the open ones with 1001, waits for them as long as the grace, then interrupts handlers and cuts
     * connections. Returns when all is done. Harmless if repeated.
     *
     * @throws IllegalStateException on an event loop, which would wait for itself
     */
    @Override
    public void close() {
        acceptor.stop(grace);
        compressionMemory.close();
    }
}
