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
import java.util.zip.Deflater;

/** Engines that have agreed on permessage-deflate. */
public final class Deflated {
    /** All messages, however short. */
    public static final Policy ALL = new Policy(1, 0, (opcode, payload) -> true, true, true, 15, 15);

    /** The bit of a frame's first byte that marks a compressed message. */
    public static final int RSV1 = 0x40;

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

    /** A message as a peer compresses it that refers to none before it (RFC 7692, 7.2.1). */
    public static byte[] message(byte[] text) {
        return message(text, Deflater.DEFAULT_COMPRESSION, Deflater.DEFAULT_STRATEGY);
    }

    /** The same, by this level and strategy. */
    public static byte[] message(byte[] text, int level, int strategy) {
        Deflater zlib = new Deflater(level, true);
        zlib.setStrategy(strategy);
        zlib.deflate(new byte[1]); // which does no more than that
        zlib.setInput(text);
        byte[] out = new byte[2 * text.length + 64];
        int length = zlib.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        zlib.end();
        return Arrays.copyOf(out, length - 4);
    }

    /** A message to {@code receiver}, in one frame. */
    public static byte[] frame(Role receiver, int opcode, byte[] compressed) {
        return Wire.to(receiver, Wire.FIN | RSV1 | opcode, compressed);
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
