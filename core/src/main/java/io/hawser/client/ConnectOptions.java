// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.ConnectFailedException;
import io.hawser.Transport;
import io.hawser.WebSocketException;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.handshake.HandshakeHeaders;
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
import org.jspecify.annotations.Nullable;

/**
 * How a client connects. Immutable: each method returns changed options, as in {@code client.connect(uri, o -> o.subprotocols("chat.v2"))}.
 */
public final class ConnectOptions {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ConnectOptions DEFAULTS = new ConnectOptions();
    private static final Set<String> CLIENTS_OWN =
            Set.of("host", "upgrade", "connection", "content-length", "transfer-encoding");

    private List<Map.Entry<String, String>> headers = List.of();
    private List<String> subprotocols = List.of();
    private Duration connectTimeout = Duration.ofSeconds(10);
    private @Nullable SocketAddress localAddress;
    private Transport transport = Transport.AUTO;
    private int loops = 1;
    private WebSocketOptions webSocket = WebSocketOptions.defaults();
    private int maxHeaderBytes = 16 << 10;
    private Supplier<byte[]> nonces = ConnectOptions::randomNonce;
    private Supplier<MaskingKeys> maskingKeys = () -> new StrongKeys(RANDOM);
    private @Nullable Supplier<Map<String, String>> freshHeaders;
    private ReconnectOptions reconnecting = ReconnectOptions.DEFAULTS;

    private ConnectOptions() {}

    private ConnectOptions(ConnectOptions from) {
        headers = from.headers;
        subprotocols = from.subprotocols;
        connectTimeout = from.connectTimeout;
        localAddress = from.localAddress;
        transport = from.transport;
        loops = from.loops;
        webSocket = from.webSocket;
        maxHeaderBytes = from.maxHeaderBytes;
        nonces = from.nonces;
        maskingKeys = from.maskingKeys;
        freshHeaders = from.freshHeaders;
        reconnecting = from.reconnecting;
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
        ConnectOptions changed = new ConnectOptions(this);
        changed.headers = List.copyOf(fields);
        return changed;
    }

    /**
     * The subprotocols to offer, in order of preference (RFC 6455, 1.9); default none. Which one the server chose, {@link
     * io.hawser.Connection#subprotocol} tells; it need not choose any.
     */
    public ConnectOptions subprotocols(String... offered) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.subprotocols = List.of(offered);
        return changed;
    }

    /**
     * How long it may take until the connection is open, from the look-up of the name to the server's response; positive; default 10 s.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ConnectOptions connectTimeout(Duration time) {
        require(!time.isNegative() && !time.isZero(), "connectTimeout must be positive: " + time);
        ConnectOptions changed = new ConnectOptions(this);
        changed.connectTimeout = time;
        return changed;
    }

    /** The address to connect from; default any that the system finds fit. */
    public ConnectOptions localAddress(SocketAddress address) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.localAddress = address;
        return changed;
    }

    /** How sockets are driven; default {@link Transport#AUTO}. Counts where a client is created, not for a single connection. */
    public ConnectOptions transport(Transport kind) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.transport = kind;
        return changed;
    }

    /**
     * How many event loops serve the connections; 1 or more; default 1. Counts where a client is created, not for a single connection.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ConnectOptions loops(int count) {
        require(count >= 1, "loops must be at least 1, not " + count);
        ConnectOptions changed = new ConnectOptions(this);
        changed.loops = count;
        return changed;
    }

    /** Changes the options of the WebSocket connection, over which its handler may put its own. */
    public ConnectOptions webSocket(UnaryOperator<WebSocketOptions> change) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.webSocket = change.apply(webSocket);
        return changed;
    }

    /**
     * The size of the head of the server's response, in bytes; 1 or more; default 16 KiB. Past it connecting fails.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ConnectOptions maxHeaderBytes(int bytes) {
        require(bytes >= 1, "maxHeaderBytes must be at least 1, not " + bytes);
        ConnectOptions changed = new ConnectOptions(this);
        changed.maxHeaderBytes = bytes;
        return changed;
    }

    /** Where the 16 bytes of {@code Sec-WebSocket-Key} come from; default a {@link SecureRandom}. For tests. */
    public ConnectOptions nonces(Supplier<byte[]> source) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.nonces = source;
        return changed;
    }

    /** Where the masking keys of a connection come from; default a {@link SecureRandom}, as RFC 6455, 5.3 demands. For tests. */
    public ConnectOptions maskingKeys(Supplier<MaskingKeys> source) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.maskingKeys = source;
        return changed;
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
        ConnectOptions changed = new ConnectOptions(this);
        changed.freshHeaders = fields;
        return changed;
    }

    /**
     * How long a {@link Reconnecting} connection waits between attempts: each wait is drawn evenly from zero to a ceiling, which doubles from
     * one to the next.
     *
     * @param first the first ceiling; positive; default 500 ms
     * @param max the last one, and the longest wait whatever a server's {@code Retry-After} asks for; from {@code first} to a day; default 30 s
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
        ConnectOptions changed = new ConnectOptions(this);
        changed.reconnecting = options;
        return changed;
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    List<Map.Entry<String, String>> headers() {
        return headers;
    }

    List<String> subprotocols() {
        return subprotocols;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    Optional<SocketAddress> localAddress() {
        return Optional.ofNullable(localAddress);
    }

    Transport transport() {
        return transport;
    }

    int loops() {
        return loops;
    }

    WebSocketOptions webSocket() {
        return webSocket;
    }

    int maxHeaderBytes() {
        return maxHeaderBytes;
    }

    Supplier<byte[]> nonces() {
        return nonces;
    }

    Supplier<MaskingKeys> maskingKeys() {
        return maskingKeys;
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
        ConnectOptions had = new ConnectOptions(this);
        had.freshHeaders = null;
        try {
            Map<String, String> fields = freshHeaders == null ? Map.of() : freshHeaders.get();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                had = had.header(field.getKey(), field.getValue());
            }
            return had;
        } catch (RuntimeException failure) {
            throw new ConnectFailedException(
                    "cannot connect to " + uri + ": its fresh headers could not be had: " + failure.getMessage(), failure);
        }
    }

    ReconnectOptions reconnecting() {
        return reconnecting;
    }
}
