// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server's part of the opening handshake (RFC 6455, 4.2). Pure functions, for any thread. */
public final class ServerHandshake {
    /** The protocol's only version (RFC 6455, 4.1). */
    public static final String VERSION = "13";

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_CHARACTERS = 24;
    private static final int KEY_BYTES = 16;
    private static final int BAD_REQUEST = 400;
    private static final int UPGRADE_REQUIRED = 426;

    private ServerHandshake() {}

    /**
     * Reads a request's head (4.2.1).
     *
     * @param method the request's method
     * @param httpVersion "HTTP/1.1", or what else the request line says
     * @param headers the request's header fields
     */
    public static UpgradeRequest read(String method, String httpVersion, HandshakeHeaders headers) {
        boolean attempted = Tokens.contains(headers.values("Upgrade"), "websocket")
                && Tokens.contains(headers.values("Connection"), "upgrade");
        if (!attempted) {
            return new UpgradeRequest.NotAttempted();
        }
        Optional<UpgradeRequest.Faulty> fault = fault(method, httpVersion, headers);
        if (fault.isPresent()) {
            return fault.get();
        }
        List<String> protocols = headers.values("Sec-WebSocket-Protocol");
        Optional<List<String>> subprotocols = protocols.isEmpty() ? Optional.of(List.of()) : Tokens.list(protocols);
        // RFC 6455 4.1: the elements MUST all be unique strings.
        if (subprotocols.isEmpty() || new HashSet<>(subprotocols.get()).size() < subprotocols.get().size()) {
            return badRequest("Sec-WebSocket-Protocol must list distinct tokens");
        }
        Optional<List<Extension>> extensions = ExtensionList.parse(headers.values("Sec-WebSocket-Extensions"));
        if (extensions.isEmpty()) {
            return badRequest("Sec-WebSocket-Extensions must list extensions");
        }
        return new UpgradeRequest.Valid(
                headers.values("Sec-WebSocket-Key").get(0), subprotocols.get(), extensions.get());
    }

    private static Optional<UpgradeRequest.Faulty> fault(String method, String httpVersion, HandshakeHeaders headers) {
        if (!headers.values("Sec-WebSocket-Version").equals(List.of(VERSION))) {
            return Optional.of(new UpgradeRequest.Faulty(UPGRADE_REQUIRED, "Sec-WebSocket-Version must be " + VERSION));
        }
        if (!method.equals("GET")) {
            return Optional.of(badRequest("an upgrade to WebSocket must be a GET"));
        }
        if (!httpVersion.equals("HTTP/1.1")) {
            return Optional.of(badRequest("an upgrade to WebSocket needs HTTP/1.1"));
        }
        if (headers.values("Host").size() != 1) {
            return Optional.of(badRequest("an upgrade to WebSocket needs one Host header"));
        }
        if (announcesBody(headers)) {
            return Optional.of(badRequest("an upgrade to WebSocket has no body"));
        }
        List<String> keys = headers.values("Sec-WebSocket-Key");
        if (keys.size() != 1 || !isKey(keys.get(0))) {
            return Optional.of(badRequest("Sec-WebSocket-Key must be 16 bytes in base64, once"));
        }
        return Optional.empty();
    }

    private static UpgradeRequest.Faulty badRequest(String reason) {
        return new UpgradeRequest.Faulty(BAD_REQUEST, reason);
    }

    private static boolean announcesBody(HandshakeHeaders headers) {
        return !headers.values("Transfer-Encoding").isEmpty()
                || headers.values("Content-Length").stream().anyMatch(length -> !length.equals("0"));
    }

    /** Whether this is 16 bytes in canonical, padded base64. */
    private static boolean isKey(String key) {
        if (key.length() != KEY_CHARACTERS) {
            return false;
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(key);
            return decoded.length == KEY_BYTES && Base64.getEncoder().encodeToString(decoded).equals(key);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The header fields of the 101 response (4.2.2), in order.
     *
     * @param key the request's key
     * @param subprotocol the chosen one
     * @param extensions those agreed on
     * @throws IllegalArgumentException if the subprotocol is not a token
     */
    public static Map<String, String> responseHeaders(
            String key, Optional<String> subprotocol, List<Extension> extensions) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Upgrade", "websocket");
        headers.put("Connection", "Upgrade");
        headers.put("Sec-WebSocket-Accept", accept(key));
        subprotocol.ifPresent(name -> {
            Tokens.requireToken(name, "subprotocol");
            headers.put("Sec-WebSocket-Protocol", name);
        });
        if (!extensions.isEmpty()) {
            headers.put("Sec-WebSocket-Extensions", ExtensionList.format(extensions));
        }
        return headers;
    }

    /** The {@code Sec-WebSocket-Accept} for a key: the base64 of the SHA-1 of both it and a fixed text (4.2.2). */
    public static String accept(String key) {
        try {
            byte[] text = (key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
