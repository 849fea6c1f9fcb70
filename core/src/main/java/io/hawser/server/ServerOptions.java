// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import io.hawser.EventLoops;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.handshake.OriginCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Options of a server. Immutable: each method returns changed options, as in {@code HawserServer.start(o -> o.port(8080), app)}. */
public final class ServerOptions {
    private static final ServerOptions DEFAULTS = new ServerOptions();

    private static final Duration LONGEST_TIME = Duration.ofDays(1);

    private String host = "127.0.0.1";
    private int port = 8080;
    private @Nullable Tls tls;
    private Transport transport = Transport.AUTO;
    private int loops = Runtime.getRuntime().availableProcessors();
    private @Nullable EventLoops sharedLoops;
    private WebSocketOptions webSocket = WebSocketOptions.defaults();
    private OriginCheck origins = new OriginCheck(Set.of());
    private Duration grace = Duration.ofSeconds(10);
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private int maxRequestLineBytes = 8 << 10;
    private int maxHeaderBytes = 16 << 10;
    private int maxHeaders = 100;
    private long maxBodyBytes = 1 << 20;
    private boolean compressResponses = true;
    private Duration idleTimeout = Duration.ofSeconds(60);
    private Duration requestTimeout = Duration.ofSeconds(60);
    private Duration blockedLoopWarning = Duration.ofMillis(100);

    private ServerOptions() {}

    private ServerOptions(ServerOptions from) {
        host = from.host;
        port = from.port;
        tls = from.tls;
        transport = from.transport;
        loops = from.loops;
        sharedLoops = from.sharedLoops;
        webSocket = from.webSocket;
        origins = from.origins;
        grace = from.grace;
        handshakeTimeout = from.handshakeTimeout;
        maxRequestLineBytes = from.maxRequestLineBytes;
        maxHeaderBytes = from.maxHeaderBytes;
        maxHeaders = from.maxHeaders;
        maxBodyBytes = from.maxBodyBytes;
        compressResponses = from.compressResponses;
        idleTimeout = from.idleTimeout;
        requestTimeout = from.requestTimeout;
        blockedLoopWarning = from.blockedLoopWarning;
    }

    /** A changed copy. */
    private ServerOptions with(Consumer<ServerOptions> change) {
        ServerOptions changed = new ServerOptions(this);
        change.accept(changed);
        return changed;
    }

    /** The defaults, which each method below names. */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    /** The name or address to listen on; default 127.0.0.1, so that a server is reachable from elsewhere only when asked to be. */
    public ServerOptions host(String name) {
        return with(o -> o.host = name);
    }

    /**
     * The port to listen on; 0 to 65535, where 0 takes a free one; default 8080.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public ServerOptions port(int number) {
        require(number >= 0 && number <= 65535, "port must be 0 to 65535, not " + number);
        return with(o -> o.port = number);
    }

    /**
     * Speaks TLS, and nothing else, on the port, with what the function makes of {@link Tls#defaults}: a server needs a certificate at least.
     * Default in the clear.
     */
    public ServerOptions tls(UnaryOperator<Tls> change) {
        return with(o -> o.tls = change.apply(tls == null ? Tls.defaults() : tls));
    }

    /** How sockets are driven; default {@link Transport#AUTO}. */
    public ServerOptions transport(Transport kind) {
        return with(o -> o.transport = kind);
    }

    /**
     * How many event loops serve the connections; 1 or more; default one a processor.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ServerOptions loops(int count) {
        require(count >= 1, "loops must be at least 1, not " + count);
        return with(o -> o.loops = count);
    }

    /**
     * Runs on the event loops of another server in the same process, with its transport, instead of loops of its own, which are the default: so
     * that two ports, perhaps one in the clear and one over TLS, share them. {@link HawserServer#start} refuses any but a {@code
     * HawserServer}'s with {@link IllegalArgumentException}. The loops stay the other server's: its {@link #blockedLoopWarning} counts for
     * them, and they end when it is closed, so close this one first.
     */
    public ServerOptions loops(EventLoops ofServer) {
        return with(o -> o.sharedLoops = ofServer);
    }

    /** Changes the options of WebSocket connections, over which each handler may put its own. */
    public ServerOptions webSocket(UnaryOperator<WebSocketOptions> change) {
        return with(o -> o.webSocket = change.apply(webSocket));
    }

    /**
     * Origins whose pages may open connections (RFC 6455, 10.2), as {@code https://example.com}, beside pages of the host and port that the
     * request is addressed to; default none. Other pages get 403. A client that is no browser sends no origin, and passes.
     *
     * @throws IllegalArgumentException if one of them is not a scheme, a host and perhaps a port
     */
    public ServerOptions origins(String... allowed) {
        return with(o -> o.origins = new OriginCheck(Set.of(allowed)));
    }

    /**
     * How long a server that stops waits for its connections to close before it cuts them; from zero to a day; default 10 s.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public ServerOptions grace(Duration time) {
        require(!time.isNegative() && time.compareTo(LONGEST_TIME) <= 0, "grace must be zero or more and a day at most, not " + time);
        return with(o -> o.grace = time);
    }

    /**
     * How long a request's head may take to come, from the connection's start, or from its first byte where requests came before; positive, a
     * day at most; default 10 s. Past it the connection is closed.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public ServerOptions handshakeTimeout(Duration time) {
        require(time.isPositive() && time.compareTo(LONGEST_TIME) <= 0, "handshakeTimeout must be positive and a day at most, not " + time);
        return with(o -> o.handshakeTimeout = time);
    }

    /**
     * The longest request line, in bytes; 1 or more; default 8 KiB. A longer one is refused with 414.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ServerOptions maxRequestLineBytes(int bytes) {
        require(bytes >= 1, "maxRequestLineBytes must be at least 1, not " + bytes);
        return with(o -> o.maxRequestLineBytes = bytes);
    }

    /**
     * The size of all header lines of a request, in bytes; 1 or more; default 16 KiB. More are refused with 431.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ServerOptions maxHeaderBytes(int bytes) {
        require(bytes >= 1, "maxHeaderBytes must be at least 1, not " + bytes);
        return with(o -> o.maxHeaderBytes = bytes);
    }

    /**
     * How many header lines a request may have; 1 or more; default 100. More are refused with 431.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ServerOptions maxHeaders(int count) {
        require(count >= 1, "maxHeaders must be at least 1, not " + count);
        return with(o -> o.maxHeaders = count);
    }

    /**
     * How large a request's body may be that a handler asks for as a whole, in bytes; 0 to {@code Integer.MAX_VALUE - 8}; default 1 MiB. A
     * larger one is refused with 413. Bodies that are read in chunks, or up to a length of the handler's own, are not bounded by it.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public ServerOptions maxBodyBytes(long bytes) {
        require(
                bytes >= 0 && bytes <= Integer.MAX_VALUE - 8,
                "maxBodyBytes must be 0 to " + (Integer.MAX_VALUE - 8) + ", not " + bytes);
        return with(o -> o.maxBodyBytes = bytes);
    }

    /**
     * Whether texts are compressed by gzip for clients that accept that (RFC 9110, 12.5.3); default true. Texts are what {@code Content-Type}
     * says is one, JSON, JavaScript, XML and SVG among them. Responses that are short, that have an encoding already, or whose {@code
     * Cache-Control} says {@code no-transform}, go as they are. Over TLS a page that repeats what a request says beside a secret that does not
     * change can tell the secret by its compressed length (BREACH): turn this off for those, or mask the secret.
     */
    public ServerOptions compressResponses(boolean on) {
        return with(o -> o.compressResponses = on);
    }

    /**
     * How long nothing may come between two requests of a connection, past which it is closed; and of a body that a handler waits for, past
     * which that fails with 408; positive, a day at most; default 60 s.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public ServerOptions idleTimeout(Duration time) {
        require(time.isPositive() && time.compareTo(LONGEST_TIME) <= 0, "idleTimeout must be positive and a day at most, not " + time);
        return with(o -> o.idleTimeout = time);
    }

    /**
     * How long a handler may take to answer, from the end of the request's body, or while it does not read that; from zero, which lets it take
     * for ever, to a day; default 60 s. Past it the client gets 503, the log says so, a handler's thread is interrupted, and what it still
     * answers is dropped. A response that has begun may take any time.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public ServerOptions requestTimeout(Duration time) {
        require(
                !time.isNegative() && time.compareTo(LONGEST_TIME) <= 0,
                "requestTimeout must be zero or more and a day at most, not " + time);
        return with(o -> o.requestTimeout = time);
    }

    /**
     * How long a handler may hold up an event loop before a warning in the log names its route, the peer, and where in the code it is; from
     * zero, which turns that off, to a day; default 100 ms. It is found out within one and a half times that. Without effect on the {@link
     * #loops(EventLoops) loops of another server}.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public ServerOptions blockedLoopWarning(Duration time) {
        require(
                !time.isNegative() && time.compareTo(LONGEST_TIME) <= 0,
                "blockedLoopWarning must be zero or more and a day at most, not " + time);
        return with(o -> o.blockedLoopWarning = time);
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    Optional<Tls> tls() {
        return Optional.ofNullable(tls);
    }

    Transport transport() {
        return transport;
    }

    int loops() {
        return loops;
    }

    Optional<EventLoops> sharedLoops() {
        return Optional.ofNullable(sharedLoops);
    }

    WebSocketOptions webSocket() {
        return webSocket;
    }

    OriginCheck origins() {
        return origins;
    }

    Duration grace() {
        return grace;
    }

    Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    int maxRequestLineBytes() {
        return maxRequestLineBytes;
    }

    int maxHeaderBytes() {
        return maxHeaderBytes;
    }

    int maxHeaders() {
        return maxHeaders;
    }

    long maxBodyBytes() {
        return maxBodyBytes;
    }

    boolean compressResponses() {
        return compressResponses;
    }

    Duration idleTimeout() {
        return idleTimeout;
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    Duration blockedLoopWarning() {
        return blockedLoopWarning;
    }
}
