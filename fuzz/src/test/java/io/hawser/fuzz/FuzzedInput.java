// SPDX-License-Identifier: Apache-2.0

package io.hawser.fuzz;

import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.handshake.Extension;
import java.util.Arrays;
import java.util.List;

/** What a run is made of, byte by byte, so that kept inputs can be written by hand; behind the end there are zeroes. */
final class FuzzedInput {
    private final byte[] bytes;
    private int at;

    FuzzedInput(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    /** The next byte, 0 to 255. */
    int next() {
        return hasMore() ? bytes[at++] & 0xFF : 0;
    }

    /** The next bytes: a length in one byte, from 250 on in two, and so many of what is there. */
    byte[] block() {
        int length = next();
        if (length >= 250) {
            length = (length - 250) << 8 | next();
        }
        byte[] block = Arrays.copyOfRange(bytes, at, Math.min(at + length, bytes.length));
        at += block.length;
        return block;
    }

    /** What both sides of a connection agree on. */
    Agreed agreed(Memory client, Memory server) {
        Policy offered = policy();
        List<Extension> offers = PermessageDeflate.offers(offered, client);
        PermessageDeflate ofServer = PermessageDeflate.accept(offers, policy(), server).orElseThrow();
        PermessageDeflate ofClient = PermessageDeflate.agreed(offers, List.of(ofServer.response()), offered, client).orElseThrow();
        return new Agreed(ofClient, ofServer);
    }

    /** Of two bytes: windows, from 15 bits down; then no context of what leaves, of what comes, level. */
    private Policy policy() {
        int windows = next();
        int flags = next();
        return new Policy(
                1 + (flags >> 2) % 9,
                3,
                (opcode, payload) -> payload.remaining() % 8 != 7,
                (flags & 1) == 0,
                (flags & 2) == 0,
                15 - (windows & 7),
                15 - (windows >> 4 & 7));
    }

    record Agreed(PermessageDeflate ofClient, PermessageDeflate ofServer) {}
}
