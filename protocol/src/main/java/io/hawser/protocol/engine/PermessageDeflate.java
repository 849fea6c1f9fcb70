// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** The extension permessage-deflate (RFC 7692) as both sides of one connection have agreed on it. Immutable. */
public final class PermessageDeflate {
    /** The extension's name. */
    public static final String NAME = "permessage-deflate";

    private final Terms terms;
    private final Policy policy;
    private final Memory memory;

    private PermessageDeflate(Terms terms, Policy policy, Memory memory) {
        this.terms = terms;
        this.policy = policy;
        this.memory = memory;
    }

    /**
     * What one side wants of it. Start from {@link #DEFAULT} and change what differs.
     *
     * @param level how hard is tried, from 1, the fastest, to 9; default 1
     * @param thresholdBytes messages with less are sent as they are; 0 or more
     * @param chosen which messages are compressed, by their opcode and payload, of a message in parts the first; on the loop; default all
     * @param outgoingContext whether what was sent before may help to compress, if the peer permits; default true
     * @param incomingContext whether the peer may do the same; default true
     * @param outgoingWindowBits how far back what is sent refers at most, as a power of two; 8 to 15; default 15
     * @param incomingWindowBits how far back what comes may refer, if the peer can be asked for less; 8 to 15; default 15
     */
    public record Policy(
            int level,
            int thresholdBytes,
            BiPredicate<Opcode, ByteBuffer> chosen,
            boolean outgoingContext,
            boolean incomingContext,
            int outgoingWindowBits,
            int incomingWindowBits) {
        /** The defaults. */
        public static final Policy DEFAULT = new Policy(1, 256, (opcode, payload) -> true, true, true, 15, 15);

        /** Checks the ranges above. */
        public Policy {
            require(level >= 1 && level <= 9, "level must be 1 to 9", level);
            require(thresholdBytes >= 0, "thresholdBytes must not be negative", thresholdBytes);
            require(outgoingWindowBits >= 8 && outgoingWindowBits <= 15, "outgoingWindowBits must be 8 to 15", outgoingWindowBits);
            require(incomingWindowBits >= 8 && incomingWindowBits <= 15, "incomingWindowBits must be 8 to 15", incomingWindowBits);
        }

        private static void require(boolean fits, String rule, int value) {
            if (!fits) {
                throw new IllegalArgumentException(rule + ", not " + value);
            }
        }
    }

    /**
     * How much memory compression may take, in all connections that it is given to, and how much it takes. Any thread may use it.
     */
    public static final class Memory {
        private final long maxBytes;

        /**
         * Memory of which nothing is taken.
         *
         * @param maxBytes how much may be; 0 or more
         * @throws IllegalArgumentException if it is negative
         */
        public Memory(long maxBytes) {
            if (maxBytes < 0) {
                throw new IllegalArgumentException("maxBytes must not be negative, not " + maxBytes);
            }
            this.maxBytes = maxBytes;
        }

        /** How many bytes may be taken. */
        public long maxBytes() {
            return maxBytes;
        }

        /** How many bytes are taken: by native compressors, and by what connections keep of earlier messages. */
        public long usedBytes() {
            return 0;
        }

        /** Whether another connection may keep as many bytes of earlier messages. */
        boolean hasRoom(long bytes) {
            return bytes <= maxBytes;
        }
    }

    /**
     * What was agreed on, as this side sees it.
     *
     * @param outgoingContext whether what this side sends may refer to earlier messages
     * @param incomingContext whether what comes may
     * @param outgoingWindowBits how far back what this side sends refers at most, as a power of two
     * @param incomingWindowBits how far back what comes refers at most
     */
    record Terms(boolean outgoingContext, boolean incomingContext, int outgoingWindowBits, int incomingWindowBits) {}

    // ---- the server's part

    /**
     * What a server makes of a client's offers (RFC 7692, 5 and 7.1): the first that it can accept, those that are invalid are declined.
     *
     * @return empty if there is none
     */
    public static Optional<PermessageDeflate> accept(List<Extension> offers, Policy policy, Memory memory) {
        throw new UnsupportedOperationException();
    }

    /** The extension as the server's response names it. */
    public Extension response() {
        throw new UnsupportedOperationException();
    }

    // ---- the client's part

    /** What a client offers, the most wanted first. */
    public static List<Extension> offers(Policy policy) {
        throw new UnsupportedOperationException();
    }

    /**
     * What a client makes of the server's response to these offers.
     *
     * @param chosen what the response names, in its order; empty if it names nothing
     * @return empty if the extension is not used
     * @throws IllegalArgumentException if the response is not valid, for which the client must fail the connection (7.1)
     */
    public static Optional<PermessageDeflate> agreed(List<Extension> chosen, Policy policy, Memory memory) {
        throw new UnsupportedOperationException();
    }

    // ---- the engine's part

    Terms terms() {
        return terms;
    }

    Policy policy() {
        return policy;
    }

    Memory memory() {
        return memory;
    }
}
