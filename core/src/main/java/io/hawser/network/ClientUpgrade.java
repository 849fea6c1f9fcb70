// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.ConnectFailedException;
import io.hawser.Request;
import io.hawser.http.HeaderFields;
import io.hawser.http.KnownRequest;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.handshake.ClientHandshake;
import io.hawser.protocol.handshake.Extension;
import io.hawser.protocol.handshake.HandshakeHeaders;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client sends to be upgraded, and what it makes of the response. Pure functions, for any thread. */
public final class ClientUpgrade {
    private static final int SWITCHING_PROTOCOLS = 101;

    private ClientUpgrade() {}

    /** The request's header fields in order: {@code Host}, those of the handshake, the application's own. */
    public static List<Map.Entry<String, String>> fields(UpgradeSettings settings) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        // RFC 9110 7.2: a user agent SHOULD send Host as the first field.
        fields.add(Map.entry("host", settings.authority()));
        fields.addAll(ClientHandshake.requestHeaders(settings.key(), settings.subprotocols(), settings.extensions()).entrySet());
        fields.addAll(settings.headers());
        return fields;
    }

    /** The request, as the application sees it when it was accepted by this server. */
    public static Request request(UpgradeSettings settings, SocketAddress server) {
        return KnownRequest.of("GET", settings.target(), HeaderFields.received(fields(settings)), server);
    }

    /** What a response's head means. */
    public static Verdict judge(int status, HandshakeHeaders fields, UpgradeSettings settings) {
        if (status < 200 && status != SWITCHING_PROTOCOLS) {
            return new Verdict.Interim();
        }
        return switch (ClientHandshake.read(status, fields, settings.key(), settings.subprotocols(), settings.extensions())) {
            case ClientHandshake.Outcome.Accepted accepted -> accepted(accepted.extensions(), settings);
            case ClientHandshake.Outcome.Faulty faulty -> new Verdict.Faulty(settings.failure(faulty.reason(), null));
            case ClientHandshake.Outcome.NotSwitched other -> new Verdict.Refused();
        };
    }

    private static Verdict accepted(List<Extension> chosen, UpgradeSettings settings) {
        try {
            return new Verdict.Accepted(settings.compression().flatMap(offer -> offer.agreed(chosen)));
        } catch (IllegalArgumentException e) {
            // RFC 7692 5.1: a client that has received an invalid response MUST fail the connection.
            return new Verdict.Faulty(settings.failure(
                    "the server chose extension " + chosen + ", offered were " + settings.extensions() + ": " + e.getMessage(), e));
        }
    }

    /** What a response's head means. */
    public sealed interface Verdict {
        /** Nothing: one stands behind it that counts (RFC 9110, 15.2). */
        record Interim() implements Verdict {}

        /** The connection is a WebSocket's, with compression if that was agreed on. */
        record Accepted(Optional<PermessageDeflate> deflate) implements Verdict {}

        /** It is a 101, but not the answer to this request. */
        record Faulty(ConnectFailedException failure) implements Verdict {}

        /** The server does not upgrade, as its status, header fields and body say, of which the body is yet to come. */
        record Refused() implements Verdict {}
    }
}
