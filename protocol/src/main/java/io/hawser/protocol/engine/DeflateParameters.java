// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.handshake.Extension;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of permessage-deflate in an offer or a response (RFC 7692, 7.1).
 *
 * @param serverNoContext whether the server does not refer to earlier messages
 * @param clientNoContext whether the client does not
 * @param serverWindowBits how far back the server refers at most, as a power of two
 * @param clientWindowBits how far back the client does
 * @param serverWindowNamed whether the server's window is named; then a response must name it
 * @param clientWindowNamed whether the client's window is named; only then a response may name it
 */
record DeflateParameters(
        boolean serverNoContext,
        boolean clientNoContext,
        int serverWindowBits,
        int clientWindowBits,
        boolean serverWindowNamed,
        boolean clientWindowNamed) {
    static final int MAX_WINDOW_BITS = 15;

    private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";

    /** Those of an offer; empty if it is not valid, for which a server declines it. */
    static Optional<DeflateParameters> ofOffer(Extension offer) {
        try {
            return Optional.of(of(offer, true));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Those of a response.
     *
     * @throws IllegalArgumentException if it is not valid
     */
    static DeflateParameters ofResponse(Extension response) {
        return of(response, false);
    }

    private static DeflateParameters of(Extension extension, boolean isOffer) {
        Set<String> seen = new HashSet<>();
        boolean serverNoContext = false;
        boolean clientNoContext = false;
        int serverBits = MAX_WINDOW_BITS;
        int clientBits = MAX_WINDOW_BITS;
        for (Extension.Parameter parameter : extension.parameters()) {
            if (!seen.add(parameter.name())) {
                throw invalid(extension, parameter, "is there twice");
            }
            switch (parameter.name()) {
                case SERVER_NO_CONTEXT -> serverNoContext = withoutValue(extension, parameter);
                case CLIENT_NO_CONTEXT -> clientNoContext = withoutValue(extension, parameter);
                case SERVER_WINDOW -> serverBits = windowBits(extension, parameter);
                // 7.1.2.2: in an offer it may have no value, which is a hint that the server may ask for any.
                case CLIENT_WINDOW -> clientBits = isOffer && parameter.value().isEmpty() ? MAX_WINDOW_BITS : windowBits(extension, parameter);
                default -> throw invalid(extension, parameter, "is not known");
            }
        }
        return new DeflateParameters(serverNoContext, clientNoContext, serverBits, clientBits, seen.contains(SERVER_WINDOW), seen.contains(CLIENT_WINDOW));
    }

    private static boolean withoutValue(Extension extension, Extension.Parameter parameter) {
        if (!parameter.value().isEmpty()) {
            throw invalid(extension, parameter, "has a value");
        }
        return true;
    }

    private static int windowBits(Extension extension, Extension.Parameter parameter) {
        // 7.1.2.1: a decimal integer without leading zeroes between 8 to 15 inclusive.
        return switch (parameter.value()) {
            case "8" -> 8;
            case "9" -> 9;
            case "10" -> 10;
            case "11" -> 11;
            case "12" -> 12;
            case "13" -> 13;
            case "14" -> 14;
            case "15" -> 15;
            default -> throw invalid(extension, parameter, "is not 8 to 15");
        };
    }

    private static IllegalArgumentException invalid(Extension extension, Extension.Parameter parameter, String why) {
        return new IllegalArgumentException("parameter " + parameter + " of " + extension + " " + why);
    }

    /** Whether these, of a response, answer that offer. */
    boolean answers(DeflateParameters offer) {
        return (serverNoContext || !offer.serverNoContext)
                && serverWindowBits <= offer.serverWindowBits
                && (!clientWindowNamed || offer.clientWindowNamed && clientWindowBits <= offer.clientWindowBits);
    }

    Extension toExtension() {
        List<Extension.Parameter> parameters = new ArrayList<>();
        if (serverNoContext) {
            parameters.add(new Extension.Parameter(SERVER_NO_CONTEXT, ""));
        }
        if (clientNoContext) {
            parameters.add(new Extension.Parameter(CLIENT_NO_CONTEXT, ""));
        }
        if (serverWindowNamed) {
            parameters.add(new Extension.Parameter(SERVER_WINDOW, Integer.toString(serverWindowBits)));
        }
        if (clientWindowNamed) {
            // An offer that the client's window may be limited needs no value, where that is the largest.
            parameters.add(new Extension.Parameter(CLIENT_WINDOW, clientWindowBits < MAX_WINDOW_BITS ? Integer.toString(clientWindowBits) : ""));
        }
        return new Extension(PermessageDeflate.NAME, parameters);
    }
}
