// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.handshake.ClientHandshake;
import io.hawser.protocol.handshake.HandshakeHeaders;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private Tls tls = Tls.defaults();
    private Transport transport = Transport.AUTO;
    private int loops = 1;
    private WebSocketOptions webSocket = WebSocketOptions.defaults();
    private int maxHeaderBytes = 16 << 10;
    private Supplier<byte[]> nonces = ConnectOptions::randomNonce;
    private Supplier<MaskingKeys> maskingKeys = () -> new StrongKeys(RANDOM);

    private ConnectOptions() {}

    private ConnectOptions(ConnectOptions from) {
        headers = from.headers;
        subprotocols = from.subprotocols;
        connectTimeout = from.connectTimeout;
        localAddress = from.localAddress;
        tls = from.tls;
        transport = from.transport;
        loops = from.loops;
        webSocket = from.webSocket;
        maxHeaderBytes = from.maxHeaderBytes;
        nonces = from.nonces;
        maskingKeys = from.maskingKeys;
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
     *
     * @throws IllegalArgumentException if one is not a token (RFC 9110, 5.6.2), or is offered twice
     */
    public ConnectOptions subprotocols(String... offered) {
        List<String> all = List.of(offered);
        ClientHandshake.requireSubprotocols(all);
        ConnectOptions changed = new ConnectOptions(this);
        changed.subprotocols = all;
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

    /**
     * How connections to {@code wss} URIs are encrypted, whom they trust, and what certificate they show; default {@link Tls#defaults}: the
     * server's certificate and its host name are checked against what the system trusts.
     */
    public ConnectOptions tls(UnaryOperator<Tls> change) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.tls = change.apply(tls);
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

    Tls tls() {
        return tls;
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
}
