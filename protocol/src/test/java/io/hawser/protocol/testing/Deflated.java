// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.Role;
import io.hawser.protocol.engine.EngineSettings;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.handshake.Extension;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Engines that have agreed on permessage-deflate. */
public final class Deflated {
    /** All messages, however short. */
    public static final Policy ALL = new Policy(1, 0, (opcode, payload) -> true, true, true, 15, 15);

    private Deflated() {}

    /** An offer, or a response, with these parameters, such as "client_max_window_bits=10". */
    public static Extension extension(String... parameters) {
        return new Extension(
                PermessageDeflate.NAME,
                Arrays.stream(parameters)
                        .map(parameter -> parameter.split("=", 2))
                        .map(parts -> new Extension.Parameter(parts[0], parts.length == 1 ? "" : parts[1]))
                        .toList());
    }

    /** The settings of a server, to a client that offers this. */
    public static EngineSettings server(Policy policy, Memory memory, String... offered) {
        return EngineSettings.DEFAULT.withDeflate(
                PermessageDeflate.accept(List.of(extension(offered)), policy, memory).orElseThrow());
    }

    /** Both sides of a connection that have agreed by an opening handshake; each takes all that the other sends. */
    public static final class Pair {
        public final EngineProbe client;
        public final EngineProbe server;
        private int ofClient;
        private int ofServer;

        public Pair(Policy ofClient, Policy ofServer, Memory memory) {
            List<Extension> offers = PermessageDeflate.offers(ofClient, memory);
            PermessageDeflate accepted = PermessageDeflate.accept(offers, ofServer, memory).orElseThrow();
            PermessageDeflate agreed = PermessageDeflate.agreed(offers, List.of(accepted.response()), ofClient, memory)
                    .orElseThrow();
            EngineSettings settings = EngineSettings.DEFAULT;
            client = new EngineProbe(Role.CLIENT, settings.withDeflate(agreed), Pieces.MESSAGES).requestAll();
            server = new EngineProbe(Role.SERVER, settings.withDeflate(accepted), Pieces.MESSAGES).requestAll();
        }

        /** Takes what either has sent to the other; returns how many bytes that were. */
        public int pass() {
            byte[] fromClient = client.outbound.bytes();
            byte[] fromServer = server.outbound.bytes();
            int bytes = fromClient.length - ofClient + fromServer.length - ofServer;
            server.receive(ByteBuffer.wrap(Arrays.copyOfRange(fromClient, ofClient, fromClient.length)));
            client.receive(ByteBuffer.wrap(Arrays.copyOfRange(fromServer, ofServer, fromServer.length)));
            client.acceptAll();
            server.acceptAll();
            ofClient = fromClient.length;
            ofServer = fromServer.length;
            return bytes;
        }
    }
}
