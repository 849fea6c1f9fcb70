// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The client's part of the opening handshake (RFC 6455, 4.1). Pure functions, for any thread. */
public final class ClientHandshake {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int KEY_BYTES = 16;

    private ClientHandshake() {}

    /**
     * The {@code Sec-WebSocket-Key} of a request.
     *
     * @param nonce 16 bytes, chosen at random for each connection
     * @throws IllegalArgumentException if they are not 16
     */
    public static String key(byte[] nonce) {
        if (nonce.length != KEY_BYTES) {
            throw new IllegalArgumentException("a nonce has 16 bytes, not " + nonce.length);
        }
        return Base64.getEncoder().encodeToString(nonce);
    }

    /**
     * The header fields that make a GET a request for the upgrade, in order. {@code Host} is not among them.
     *
     * @param key the request's {@link #key}
     * @param subprotocols those offered, in order of preference; none is fine
     * @param extensions those offered, in order of preference
     * @throws IllegalArgumentException if a subprotocol is not a token, or is offered twice
     */
    public static Map<String, String> requestHeaders(String key, List<String> subprotocols, List<Extension> extensions) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Upgrade", "websocket");
        headers.put("Connection", "Upgrade");
        headers.put("Sec-WebSocket-Key", key);
        headers.put("Sec-WebSocket-Version", ServerHandshake.VERSION);
        if (!subprotocols.isEmpty()) {
            requireSubprotocols(subprotocols);
            headers.put("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
        }
        if (!extensions.isEmpty()) {
            headers.put("Sec-WebSocket-Extensions", ExtensionList.format(extensions));
        }
        return headers;
    }

    /**
     * Refuses subprotocols that cannot be offered.
     *
     * @throws IllegalArgumentException if one is not a token, or is offered twice
     */
    public static void requireSubprotocols(List<String> subprotocols) {
        Set<String> seen = new HashSet<>();
        for (String subprotocol : subprotocols) {
            Tokens.requireToken(subprotocol, "subprotocol");
            if (!seen.add(subprotocol)) {
                // RFC 6455 4.1: the elements MUST all be unique strings.
                throw new IllegalArgumentException("subprotocol " + subprotocol + " is offered twice");
            }
        }
    }

    /**
     * Reads a response's head.
     *
     * @param status the response's status
     * @param headers the response's header fields
     * @param key the key that was sent
     * @param subprotocols those that were offered
     * @param extensions those that were offered
     */
    public static Outcome read(
            int status, HandshakeHeaders headers, String key, List<String> subprotocols, List<Extension> extensions) {
        if (status != SWITCHING_PROTOCOLS) {
            return new Outcome.NotSwitched();
        }
        Optional<String> fault = switchFault(headers, key);
        if (fault.isPresent()) {
            return new Outcome.Faulty(fault.get());
        }
        List<String> chosen = headers.values("Sec-WebSocket-Protocol");
        // RFC 6455 4.1: a subprotocol that was not present in the client's handshake MUST fail the connection.
        if (chosen.size() > 1 || !chosen.stream().allMatch(subprotocols::contains)) {
            return new Outcome.Faulty("the server chose subprotocol " + quoted(chosen) + ", offered were " + subprotocols);
        }
        List<String> fields = headers.values("Sec-WebSocket-Extensions");
        Optional<List<Extension>> agreed = ExtensionList.parse(fields);
        Set<String> offered = extensions.stream().map(Extension::name).collect(Collectors.toSet());
        // The same of an extension.
        if (agreed.isEmpty() || !agreed.get().stream().map(Extension::name).allMatch(offered::contains)) {
            return new Outcome.Faulty("the server chose extension " + quoted(fields) + ", offered were " + extensions);
        }
        return new Outcome.Accepted(chosen.stream().findFirst(), agreed.get());
    }

    private static Optional<String> switchFault(HandshakeHeaders headers, String key) {
        List<String> upgrade = headers.values("Upgrade");
        // RFC 6455 4.1: a value that is not an ASCII case-insensitive match for "websocket" MUST fail the connection.
        if (upgrade.size() != 1 || !Tokens.trim(upgrade.get(0)).equalsIgnoreCase("websocket")) {
            return Optional.of("the response's Upgrade is " + quoted(upgrade) + ", not websocket");
        }
        if (!Tokens.contains(headers.values("Connection"), "upgrade")) {
            return Optional.of("the response's Connection is " + quoted(headers.values("Connection")) + ", not Upgrade");
        }
        List<String> accept = headers.values("Sec-WebSocket-Accept");
        if (accept.size() != 1 || !Tokens.trim(accept.get(0)).equals(ServerHandshake.accept(key))) {
            return Optional.of("the response's Sec-WebSocket-Accept does not fit the request's key");
        }
        return Optional.empty();
    }

    private static String quoted(List<String> values) {
        return values.stream().map(Tokens::quote).collect(Collectors.joining(", ", "[", "]"));
    }

    /** What a client makes of an HTTP response to its request for the upgrade. */
    public sealed interface Outcome {
        /** It is not a 101: the server refuses, redirects or asks for credentials, as its status, headers and body say. */
        record NotSwitched() implements Outcome {}

        /**
         * It is a 101, but not the answer to this request. The client must fail the connection (RFC 6455, 4.1).
         *
         * @param reason what is wrong
         */
        record Faulty(String reason) implements Outcome {}

        /**
         * The connection is open.
         *
         * @param subprotocol the one that the server chose of those that were offered
         * @param extensions those agreed on, in the server's order; their parameters are for each extension to judge
         */
        record Accepted(Optional<String> subprotocol, List<Extension> extensions) implements Outcome {
            /** Copies the list. */
            public Accepted {
                extensions = List.copyOf(extensions);
            }
        }
    }
}
