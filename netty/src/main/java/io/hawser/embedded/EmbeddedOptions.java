// SPDX-License-Identifier: Apache-2.0

package io.hawser.embedded;

import io.hawser.WebSocketOptions;
import io.hawser.protocol.handshake.OriginCheck;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Options of WebSockets in a Netty server. Immutable: each method returns changed options, as in {@code EmbeddedHawser.of(o -> o.paths("/chat"), app)}. */
public final class EmbeddedOptions {
    private static final EmbeddedOptions DEFAULTS = new EmbeddedOptions();
    private static final Duration LONGEST_TIME = Duration.ofDays(1);

    private Predicate<String> takes = path -> true;
    private Predicate<? super ChannelHandler> removed = handler -> false;
    private WebSocketOptions webSocket = WebSocketOptions.defaults();
    private OriginCheck origins = new OriginCheck(Set.of());
    private Duration requestTimeout = Duration.ofSeconds(60);
    private Duration grace = Duration.ofSeconds(10);

    private EmbeddedOptions() {}

    private EmbeddedOptions(EmbeddedOptions from) {
        takes = from.takes;
        removed = from.removed;
        webSocket = from.webSocket;
        origins = from.origins;
        requestTimeout = from.requestTimeout;
        grace = from.grace;
    }

    /** A changed copy. */
    private EmbeddedOptions with(Consumer<EmbeddedOptions> change) {
        EmbeddedOptions changed = new EmbeddedOptions(this);
        change.accept(changed);
        return changed;
    }

    /** The defaults, which each method below names. */
    public static EmbeddedOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Takes requests for a WebSocket at these paths only, such as "/chat", decoded and without a query; those at others pass to the server's own handlers. Default
     * all.
     *
     * @throws IllegalArgumentException if there is none, or one does not begin with a slash
     */
    public EmbeddedOptions paths(String... taken) {
        Set<String> paths = Set.copyOf(List.of(taken));
        require(!paths.isEmpty(), "name a path at least; without paths(…) the requests at all of them are taken");
        paths.forEach(path -> require(path.startsWith("/"), "a path begins with a slash, which \"" + path + "\" does not"));
        return with(o -> o.takes = paths::contains);
    }

    /**
     * Lets an upgrade take these handlers, too, out of the pipeline in front, beside Netty's handlers of HTTP: those that would misread bytes which are
     * not HTTP. Default none.
     *
     * @param which asked on the channel's event loop, once for each handler and upgrade
     */
    public EmbeddedOptions alsoRemove(Predicate<? super ChannelHandler> which) {
        return with(o -> o.removed = which);
    }

    /** Changes the options of WebSocket connections, over which each handler may put its own. */
    public EmbeddedOptions webSocket(UnaryOperator<WebSocketOptions> change) {
        return with(o -> o.webSocket = change.apply(webSocket));
    }

    /**
     * Origins whose pages may open connections (RFC 6455, 10.2), as {@code https://example.com}, beside pages of the host and port that the request is
     * addressed to; default none. Other pages get 403. A client that is no browser sends no origin, and passes.
     *
     * @throws IllegalArgumentException if one of them is not a scheme, a host and perhaps a port
     */
    public EmbeddedOptions origins(String... allowed) {
        OriginCheck check = new OriginCheck(Set.of(allowed));
        return with(o -> o.origins = check);
    }

    /**
     * How long the handler may take to answer; from zero, which lets it take for ever, to a day; default 60 s. Past it the client gets 503, the log says
     * so, a handler's thread is interrupted, and what it still answers is dropped.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public EmbeddedOptions requestTimeout(Duration time) {
        require(isUpToADay(time), "requestTimeout must be zero or more and a day at most, not " + time);
        return with(o -> o.requestTimeout = time);
    }

    /**
     * How long {@link EmbeddedHawser#close} waits for connections to close before it cuts them; from zero to a day; default 10 s.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public EmbeddedOptions grace(Duration time) {
        require(isUpToADay(time), "grace must be zero or more and a day at most, not " + time);
        return with(o -> o.grace = time);
    }

    private static boolean isUpToADay(Duration time) {
        return !time.isNegative() && time.compareTo(LONGEST_TIME) <= 0;
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    Predicate<String> takes() {
        return takes;
    }

    Predicate<? super ChannelHandler> removed() {
        return removed;
    }

    WebSocketOptions webSocket() {
        return webSocket;
    }

    OriginCheck origins() {
        return origins;
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    Duration grace() {
        return grace;
    }
}
