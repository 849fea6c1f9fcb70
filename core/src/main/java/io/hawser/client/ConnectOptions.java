// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.ConnectFailedException;
import io.hawser.EventLoops;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketException;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.handshake.ClientHandshake;
import io.hawser.protocol.handshake.HandshakeHeaders;
import java.net.CookieHandler;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects. Immutable: each method returns changed options, as in {@code client.connect(uri, o -> o.subprotocols("chat.v2"))}.
 */
public final class ConnectOptions implements Cloneable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    private static final ConnectOptions DEFAULTS = new ConnectOptions();
    private static final Set<String> CLIENTS_OWN =
            Set.of("host", "upgrade", "connection", "content-length", "transfer-encoding");
    /** RFC 6750 2.1: the syntax of a bearer token. */
    private static final Pattern BEARER_TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    List<Map.Entry<String, String>> headers = List.of();
    List<String> subprotocols = List.of();
    Duration connectTimeout = Duration.ofSeconds(10);
    private @Nullable SocketAddress localAddress;
    Tls tls = Tls.defaults();
    Transport transport = Transport.AUTO;
    int loops = 1;
    private @Nullable EventLoops sharedLoops;
    WebSocketOptions webSocket = WebSocketOptions.defaults();
    int maxHeaderBytes = 16 << 10;
    int redirects;
    private @Nullable CookieHandler cookies;
    ProxySelector proxies = new OneProxy(Proxy.NO_PROXY);
    private @Nullable Credentials proxyCredentials;
    Supplier<byte[]> nonces = ConnectOptions::randomNonce;
    Supplier<MaskingKeys> maskingKeys = () -> new StrongKeys(RANDOM);
    private @Nullable Supplier<Map<String, String>> freshHeaders;
    ReconnectOptions reconnecting = ReconnectOptions.DEFAULTS;

    private ConnectOptions() {}

    /** A changed copy. */
    private ConnectOptions with(Consumer<ConnectOptions> change) {
        try {
            ConnectOptions changed = (ConnectOptions) clone();
            change.accept(changed);
            return changed;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] randomNonce() {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    /** The defaults, which each method below names. */
    public static ConnectOptions defaults() {
        return DEFAULTS;
    }

    /**
     * One more header field of the request.
     *
     * @throws IllegalArgumentException if the name is not a token, the value holds CR, LF, NUL or another character outside printable ASCII,
     *     or the field is the client's own: Host, Upgrade, Connection, Content-Length, Transfer-Encoding and those of the handshake
     */
    public ConnectOptions header(String name, String value) {
        HandshakeHeaders.requireField(name, value);
        String lower = name.toLowerCase(Locale.ROOT);
        require(!CLIENTS_OWN.contains(lower) && !lower.startsWith("sec-websocket-"), name + " is set by the client");
        List<Map.Entry<String, String>> fields = new ArrayList<>(headers);
        fields.add(Map.entry(name, value));
        return with(o -> o.headers = List.copyOf(fields));
    }

    /**
     * Basic authorisation at the server (RFC 7617), in UTF-8; takes the place of an earlier {@code Authorization}. In the clear, whoever
     * sees the bytes can read the password.
     *
     * @throws IllegalArgumentException if the user's name holds a colon, or either a control character
     */
    public ConnectOptions basic(String user, String password) {
        return authorization("Basic " + new Credentials(user, password).base64());
    }

    /**
     * A bearer token for the server (RFC 6750, 2.1); takes the place of an earlier {@code Authorization}.
     *
     * @throws IllegalArgumentException if it is empty, or holds anything but letters, digits and {@code - . _ ~ + /}, with {@code =} at its
     *     end; the message does not show it
     */
    public ConnectOptions bearer(String token) {
        require(BEARER_TOKEN.matcher(token).matches(), "a bearer token holds letters, digits and -._~+/ only, and = at its end; this one"
                + " of " + token.length() + " characters is something else");
        return authorization("Bearer " + token);
    }

    private ConnectOptions authorization(String value) {
        List<Map.Entry<String, String>> fields = new ArrayList<>(headers);
        fields.removeIf(field -> field.getKey().equalsIgnoreCase("Authorization"));
        fields.add(Map.entry("Authorization", value));
        return with(o -> o.headers = List.copyOf(fields));
    }

    /**
     * The subprotocols to offer, in order of preference (RFC 6455, 1.9); default none. Which one the server chose, {@link
     * io.hawser.Connection#subprotocol} tells; it need not choose any.
     *
     * @throws IllegalArgumentException if one is not a token (RFC 9110, 5.6.2), or is offered twice
     */
    public ConnectOptions subprotocols(String... offered) {
        ClientHandshake.requireSubprotocols(List.of(offered));
        return with(o -> o.subprotocols = List.of(offered));
    }

    /**
     * How long it may take until the connection is open, from the look-up of the name to the server's response; positive, a day at most; default 10 s.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public ConnectOptions connectTimeout(Duration time) {
        require(time.isPositive() && time.compareTo(LONGEST_TIMEOUT) <= 0, "connectTimeout must be positive and a day at most, not " + time);
        return with(o -> o.connectTimeout = time);
    }

    /** The address to connect from; default any that the system finds fit. */
    public ConnectOptions localAddress(SocketAddress address) {
        return with(o -> o.localAddress = address);
    }

    /**
     * How connections to {@code wss} URIs are encrypted, whom they trust, and what certificate they show; default {@link Tls#defaults}: the
     * server's certificate and its host name are checked against what the system trusts.
     */
    public ConnectOptions tls(UnaryOperator<Tls> change) {
        return with(o -> o.tls = change.apply(tls));
    }

    /**
     * How many redirects are followed (RFC 9110, 15.4: status 301, 302, 303, 307 and 308); 0 or more; default 0, as browsers do it. One that
     * is not followed fails as a refusal, whose message says why. A redirect never leads from {@code wss} to {@code ws}. Headers that the
     * caller set, authorisation and cookies with them, and the client's certificate go only to the scheme, host and port for which they were
     * set, and not any more once a redirect has led away from there. With a {@link Tls#context}, whose certificates cannot be left out, none
     * is followed to {@code wss} at another origin. Subprotocols are offered everywhere. All of it happens within {@link #connectTimeout}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ConnectOptions redirects(int max) {
        require(max >= 0, "redirects must be at least 0, not " + max);
        return with(o -> o.redirects = max);
    }

    /**
     * Whose cookies are sent, and who is told of those that a response sets, be it a 101, a redirect or a refusal; default none. The
     * handler is asked with the scheme {@code http} or {@code https}, on a virtual thread, and may block; where there is one, connecting
     * completes on such a thread, once it has the response's cookies. A {@code Cookie} that the caller set stands in front of the handler's
     * in the same field (RFC 6265, 5.4). If the handler throws, connecting fails.
     */
    public ConnectOptions cookies(CookieHandler handler) {
        return with(o -> o.cookies = handler);
    }

    /**
     * The proxy to go through: one of HTTP, which is asked to {@code CONNECT} (RFC 9110, 9.3.6), or of SOCKS version 5 (RFC 1928), which
     * looks up the server's name itself. Its address is then the connection's remote address. Default {@link Proxy#NO_PROXY}, so the
     * system's properties count only where {@link #proxy(ProxySelector)} brings them in.
     */
    public ConnectOptions proxy(Proxy way) {
        return proxy(new OneProxy(way));
    }

    /**
     * Who chooses proxies, {@link ProxySelector#getDefault} for one: asked on a virtual thread for each server, with the scheme {@code http}
     * or {@code https}; may block. Its proxies are tried in their order, the next one where one cannot be reached, of which the selector is
     * told; a proxy that answers is the last one to be tried, whatever its answer.
     */
    public ConnectOptions proxy(ProxySelector selector) {
        return with(o -> o.proxies = selector);
    }

    /**
     * Who to be for proxies: Basic authorisation for one of HTTP (RFC 7617), in UTF-8, which is sent unasked with the first {@code CONNECT},
     * or name and password for one of SOCKS that asks (RFC 1929), which takes 1 to 255 ASCII characters of each; default nobody. They go to
     * each proxy in use, in the clear, and never to a server.
     *
     * @throws IllegalArgumentException if the user's name holds a colon, or either a control character
     */
    public ConnectOptions proxyCredentials(String user, String password) {
        return with(o -> o.proxyCredentials = new Credentials(user, password));
    }

    /** How sockets are driven; default {@link Transport#AUTO}. Counts where a client is created, not for a single connection. */
    public ConnectOptions transport(Transport kind) {
        return with(o -> o.transport = kind);
    }

    /**
     * How many event loops serve the connections; 1 or more; default 1. Counts where a client is created, not for a single connection.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ConnectOptions loops(int count) {
        require(count >= 1, "loops must be at least 1, not " + count);
        return with(o -> o.loops = count);
    }

    /**
     * Runs on the event loops of a server in the same process, with its transport, instead of loops of its own, which are the default. Counts
     * where a client is created, which refuses any but a {@code HawserServer}'s with {@link IllegalArgumentException}. The loops end when the
     * server is closed, so close the client first.
     */
    public ConnectOptions loops(EventLoops ofServer) {
        return with(o -> o.sharedLoops = ofServer);
    }

    /** Changes the options of the WebSocket connection, over which its handler may put its own. */
    public ConnectOptions webSocket(UnaryOperator<WebSocketOptions> change) {
        return with(o -> o.webSocket = change.apply(webSocket));
    }

    /**
     * The size of the head of the server's response, in bytes; 1 or more; default 16 KiB. Past it connecting fails.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ConnectOptions maxHeaderBytes(int bytes) {
        require(bytes >= 1, "maxHeaderBytes must be at least 1, not " + bytes);
        return with(o -> o.maxHeaderBytes = bytes);
    }

    /** Where the 16 bytes of {@code Sec-WebSocket-Key} come from; default a {@link SecureRandom}. For tests. */
    public ConnectOptions nonces(Supplier<byte[]> source) {
        return with(o -> o.nonces = source);
    }

    /** Where the masking keys of a connection come from; default a {@link SecureRandom}, as RFC 6455, 5.3 demands. For tests. */
    public ConnectOptions maskingKeys(Supplier<MaskingKeys> source) {
        return with(o -> o.maskingKeys = source);
    }

    /**
     * More header fields of the request, had anew for each attempt to connect, such as a token that expires; default none. Behind those of
     * {@link #header}, and with the same rules.
     *
     * @param fields called on a virtual thread of its own, so it may block, for as long as {@link #connectTimeout}, which begins anew behind it;
     *     interrupted past that, or when the attempt is given up. If it throws, takes longer, or gives what cannot be sent, the attempt fails
     *     with {@link ConnectFailedException}
     */
    public ConnectOptions freshHeaders(Supplier<Map<String, String>> fields) {
        return with(o -> o.freshHeaders = fields);
    }

    /**
     * How long a {@link Reconnecting} connection waits between attempts: each wait is drawn evenly from zero to a ceiling, which doubles from
     * one to the next.
     *
     * @param first the first ceiling; positive; default 500 ms
     * @param max the last one; from {@code first} to a day; default 30 s. Whatever a server's {@code Retry-After} asks for, no wait is
     *     longer by more than a tenth of this, over which those are spread that would be
     * @throws IllegalArgumentException if one of them is outside its range
     */
    public ConnectOptions backOff(Duration first, Duration max) {
        return reconnecting(reconnecting.backOff(first, max));
    }

    /**
     * How long a connection must have been open for the back-off of a {@link Reconnecting} one to begin anew when it ends; zero or more;
     * default 10 s. So a server that accepts and closes at once is not asked more and more often.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ConnectOptions stableAfter(Duration time) {
        return reconnecting(reconnecting.stableAfter(time));
    }

    /**
     * How long a {@link Reconnecting} connection goes on without one that is open, from its start or the end of the last; zero or more;
     * default for ever. One last attempt is made when that is over; with zero none after the first failure or end.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ConnectOptions giveUpAfter(Duration time) {
        return reconnecting(reconnecting.giveUpAfter(time));
    }

    /**
     * Lets messages wait that are sent through a {@link Reconnecting} connection while none is open, for the next one; default 0 and 0: such
     * a message fails at once. One that would go past a bound fails, and so does a streamed one, whose length is not known.
     *
     * @param messages how many may wait; 0 or more
     * @param bytes how large their payloads may be together, of texts in UTF-8; 0 or more
     * @throws IllegalArgumentException if one of them is negative
     */
    public ConnectOptions keepUnsent(int messages, long bytes) {
        return reconnecting(reconnecting.keepUnsent(messages, bytes));
    }

    /**
     * Names what also stops a {@link Reconnecting} connection, beside 401, 403 and the server's 1008; default nothing. Such as a status of the
     * application's own or the handler's return, in a {@link io.hawser.WebSocketClosedException}, or 404, in an {@link
     * io.hawser.UpgradeRefusedException}. Adds to what was named before.
     *
     * @param end told why there is no connection; true to stop. Must not block
     */
    public ConnectOptions stopWhen(Predicate<? super WebSocketException> end) {
        return reconnecting(reconnecting.stopWhen(end));
    }

    /**
     * Who is told of every state of a {@link Reconnecting} connection; default nobody. Replaces the one before.
     *
     * @param listener called on virtual threads, one state at a time and in order; it may block, which holds up nothing but the states that
     *     follow for it. What it throws is logged
     */
    public ConnectOptions onReconnecting(Consumer<? super Reconnecting.State> listener) {
        return reconnecting(reconnecting.onReconnecting(listener));
    }

    private ConnectOptions reconnecting(ReconnectOptions options) {
        return with(o -> o.reconnecting = options);
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    Optional<SocketAddress> localAddress() {
        return Optional.ofNullable(localAddress);
    }

    Optional<EventLoops> sharedLoops() {
        return Optional.ofNullable(sharedLoops);
    }

    Optional<CookieHandler> cookies() {
        return Optional.ofNullable(cookies);
    }

    Optional<Credentials> proxyCredentials() {
        return Optional.ofNullable(proxyCredentials);
    }

    /** Whether header fields have to be had before each attempt, by {@link #withHeadersHad}. */
    boolean hasFreshHeaders() {
        return freshHeaders != null;
    }

    /**
     * These options with the fresh header fields among the others; may block.
     *
     * @throws ConnectFailedException if their supplier failed, or gave what cannot be sent
     */
    ConnectOptions withHeadersHad(URI uri) {
        ConnectOptions had = with(o -> o.freshHeaders = null);
        try {
            Map<String, String> fields = freshHeaders == null ? Map.of() : freshHeaders.get();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                had = had.header(field.getKey(), field.getValue());
            }
            return had;
        } catch (RuntimeException failure) {
            throw new ConnectFailedException(
                    "cannot connect to " + ShownUri.of(uri) + ": its fresh headers could not be had: " + failure.getMessage(), failure);
        }
    }
}
