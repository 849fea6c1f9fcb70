// SPDX-License-Identifier: Apache-2.0

package io.hawser.embedded;

import io.hawser.HttpHandler;
import io.hawser.Transport;
import io.hawser.http.HeadLimits;
import io.hawser.http.HttpSettings;
import io.hawser.http.HttpTimes;
import io.hawser.netty.PipelineUpgrades;
import io.hawser.protocol.engine.PermessageDeflate;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * WebSockets in the pipelines of a Netty server. Each channel gets a {@linkplain #newHandler handler} behind the server's HTTP codec and in front of
 * its own handlers:
 *
 * <pre>{@code
 * EmbeddedHawser hawser = EmbeddedHawser.of(o -> o.paths("/chat"), HttpHandler.webSocket(chat));
 * …
 * pipeline.addLast(new HttpServerCodec(), hawser.newHandler(), new MyHttpHandler());
 * }</pre>
 *
 * <p>A request that asks for a WebSocket ({@code Upgrade: websocket}, {@code Connection: upgrade}), rightly or not, goes to the {@link HttpHandler}; all
 * others pass untouched, whole ones behind an {@code HttpObjectAggregator} too. If requests on the connection came before it that wait for
 * responses, it waits for those to leave. An upgrade writes the 101, takes HTTP out of the pipeline and opens the connection in one step on the channel's
 * event loop; frames that came right behind the request are its first. Behind any other response the connection is closed.
 *
 * <p><b>What that does to the pipeline.</b> When the response leaves, removed are all handlers behind this one, which no request will reach any more; in front of it
 * Netty's handlers of HTTP (those of {@code io.netty.handler.codec.http} and their subclasses), and what {@link EmbeddedOptions#alsoRemove} names.
 * Whatever else stands in front stays, such as TLS, a log or a count of connections, and sees bytes. A {@code ReadTimeoutHandler} there would cut off
 * connections that Hawser's pings keep alive, unless its time is longer than their interval. From the request on the channel is Hawser's: it sets the
 * options {@code AUTO_READ} and {@code ALLOW_HALF_CLOSURE}.
 *
 * <p><b>What is the server's.</b> Its event loops run the handlers of the streams and frames faces, which must not block, and nobody watches that. How long
 * heads may be and take, and how lenient they are read, is up to its codec. Its transport is used as it is, and {@code HawserServer}'s has
 * three faults of Netty mended. Over epoll, a connection whose peer has ended its output, and then does not take what it is sent, breaks. Over io_uring with a
 * buffer ring, a peer that sends faster than it is read from fills the memory. And over NIO, one that goes away while it is not read from,
 * because the application is deciding or is slow, is found out when something is sent to it.
 *
 * <p>For any thread.
 */
public final class EmbeddedHawser implements AutoCloseable {
    private final PipelineUpgrades upgrades;
    private final PermessageDeflate.Memory compressionMemory;
    private final Duration grace;

    private EmbeddedHawser(HttpSettings settings, EmbeddedOptions chosen) {
        this.upgrades = new PipelineUpgrades(settings, chosen.takes(), chosen.removed());
        this.compressionMemory = settings.compressionMemory();
        this.grace = chosen.grace();
    }

    /**
     * WebSockets for one server.
     *
     * @param options changes the {@link EmbeddedOptions#defaults defaults}
     * @param handler answers the requests that ask for one; accepts them or not
     */
    public static EmbeddedHawser of(UnaryOperator<EmbeddedOptions> options, HttpHandler handler) {
        EmbeddedOptions chosen = options.apply(EmbeddedOptions.defaults());
        return new EmbeddedHawser(settings(chosen, handler), chosen);
    }

    /** What is HTTP's and the socket's is the server's own, and these values for it are not looked at. */
    private static HttpSettings settings(EmbeddedOptions chosen, HttpHandler handler) {
        return new HttpSettings(
                handler,
                chosen.webSocket(),
                new PermessageDeflate.Memory(chosen.webSocket().compression().memoryBytes()),
                chosen.origins(),
                new HeadLimits(0, 0, 0),
                0,
                false,
                new HttpTimes(Duration.ZERO, Duration.ZERO, chosen.requestTimeout()),
                Optional.empty(),
                Transport.AUTO,
                0,
                Duration.ZERO);
    }

    /**
     * A handler for one channel, behind an {@code HttpServerCodec} or {@code HttpRequestDecoder}. Added to a pipeline without one of these, to a channel that
     * is no socket's, or with an executor of its own, it fails with an {@link IllegalStateException} that says so; from a {@code ChannelInitializer} Netty logs
     * that and closes the channel.
     */
    public ChannelHandler newHandler() {
        return upgrades.newHandler();
    }

    /**
     * How many bytes compression takes now, of the {@linkplain io.hawser.Compression#memoryBytes(long) budget} that there is for all connections
     * of this.
     */
    public long compressionBytes() {
        return compressionMemory.usedBytes();
    }

    /**
     * Closes the connections with 1001, waits for them as long as the {@link EmbeddedOptions#grace grace}, then interrupts handlers and cuts connections.
     * Requests for a WebSocket get 503 from the beginning; other HTTP goes on, as do the event loops, which should end behind this. Returns when all is
     * done. Harmless if repeated.
     *
     * @throws IllegalStateException on an event loop, which would wait for itself
     */
    @Override
    public void close() {
        upgrades.stop(grace);
        compressionMemory.close();
    }
}
