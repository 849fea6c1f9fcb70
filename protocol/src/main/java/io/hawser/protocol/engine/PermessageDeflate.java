// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Limits;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.deflate.Compressors;
import io.hawser.protocol.deflate.Deflation;
import io.hawser.protocol.deflate.Inflation;
import io.hawser.protocol.frame.MaskedFrameSink;
import io.hawser.protocol.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The extension permessage-deflate (RFC 7692) as both sides of one connection have agreed on it. Immutable. */
public final class PermessageDeflate {
    /** The extension's name. */
    public static final String NAME = "permessage-deflate";

    private static final int MAX_WINDOW_BITS = DeflateParameters.MAX_WINDOW_BITS;

    private final Extension response;
    private final Terms terms;
    private final Policy policy;
    private final Memory memory;
    private final boolean asItIs;

    private PermessageDeflate(Extension response, Terms terms, Policy policy, Memory memory, boolean asItIs) {
        this.asItIs = asItIs;
        this.response = response;
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
     * The memory for compression, of all connections that it is given to: native compressors, of which a connection has one for the length of
     * a message only, and what connections keep of earlier messages. Handshakes that are under way at the same time may exceed it by what their
     * connections will keep. Any thread may use it.
     */
    public static final class Memory implements AutoCloseable {
        private final long maxBytes;
        private final Compressors compressors;

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
            this.compressors = new Compressors(maxBytes);
        }

        /** How many bytes may be taken. */
        public long maxBytes() {
            return maxBytes;
        }

        /** How many bytes are taken. */
        public long usedBytes() {
            return compressors.usedBytes();
        }

        /** Gives back what no connection uses; what one uses is given back by it. */
        @Override
        public void close() {
            compressors.close();
        }

        private boolean hasRoomForContext(int windowBits) {
            return compressors.hasRoom(1L << windowBits);
        }
    }

    /** A whole message that is sent to many connections, and compressed once for all of them whose windows are the same. Any thread may use it. */
    public static final class Shared {
        /** A longer one is compressed for each connection by itself, part by part as it leaves, so that no event loop is held up by it. */
        private static final int MAX_BYTES = 1 << 20;

        private final Opcode opcode;
        private final ByteBuffer payload;
        /** By the size of the window. */
        private final ConcurrentMap<Integer, Optional<ByteBuffer>> deflated = new ConcurrentHashMap<>(2);

        /**
         * A message.
         *
         * @param opcode {@link Opcode#TEXT}, whose payload must be UTF-8, or {@link Opcode#BINARY}
         * @param payload read from position to limit; must not be altered any more
         */
        public Shared(Opcode opcode, ByteBuffer payload) {
            this.opcode = opcode;
            this.payload = payload.asReadOnlyBuffer();
        }

        Opcode opcode() {
            return opcode;
        }

        ByteBuffer payload() {
            return payload.duplicate();
        }

        /** Whether a connection that deflates in this way sends what all such connections send. */
        boolean isFor(Deflation how) {
            return payload.remaining() <= MAX_BYTES && how.chooses(opcode, payload, true);
        }

        /** What they send; empty for the payload as it is. */
        Optional<ByteBuffer> deflated(Deflation how) {
            return deflated.computeIfAbsent(how.windowBits(), bits -> how.alone(payload())).map(ByteBuffer::duplicate);
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
     * What a server makes of a client's offers (RFC 7692, 5 and 7.1): the first that is valid, as those that are not are declined. Where
     * memory is short, neither side refers to earlier messages.
     *
     * @param offers the extensions that the client offers, in its order, others among them
     * @return empty if there is none
     */
    public static Optional<PermessageDeflate> accept(List<Extension> offers, Policy policy, Memory memory) {
        return offers.stream()
                .filter(offer -> offer.name().equals(NAME))
                .flatMap(offer -> DeflateParameters.ofOffer(offer).stream())
                .findFirst()
                .map(offer -> accept(offer, policy, memory));
    }

    private static PermessageDeflate accept(DeflateParameters offer, Policy policy, Memory memory) {
        // 7.1.2.2: what was not offered MUST NOT be answered, and the client may use the largest window.
        int incomingBits = offer.clientWindowNamed() ? Math.min(offer.clientWindowBits(), policy.incomingWindowBits()) : MAX_WINDOW_BITS;
        boolean room = memory.hasRoomForContext(incomingBits);
        Terms terms = new Terms(
                policy.outgoingContext() && !offer.serverNoContext() && room,
                policy.incomingContext() && !offer.clientNoContext() && room,
                Math.min(offer.serverWindowBits(), policy.outgoingWindowBits()),
                incomingBits);
        // 7.1.2.1: a window that was named in the offer is to be named in the response.
        DeflateParameters response = new DeflateParameters(
                !terms.outgoingContext(),
                !terms.incomingContext(),
                terms.outgoingWindowBits(),
                terms.incomingWindowBits(),
                offer.serverWindowNamed() || terms.outgoingWindowBits() < MAX_WINDOW_BITS,
                terms.incomingWindowBits() < MAX_WINDOW_BITS);
        return new PermessageDeflate(response.toExtension(), terms, policy, memory, false);
    }

    /** The extension as the server's response names it. */
    public Extension response() {
        return response;
    }

    // ---- the client's part

    /** What a client offers, the most wanted first. */
    public static List<Extension> offers(Policy policy, Memory memory) {
        boolean room = memory.hasRoomForContext(MAX_WINDOW_BITS);
        DeflateParameters wanted = new DeflateParameters(
                !policy.incomingContext() || !room,
                !policy.outgoingContext(),
                policy.incomingWindowBits(),
                policy.outgoingWindowBits(),
                policy.incomingWindowBits() < MAX_WINDOW_BITS,
                true);
        // Some servers decline what limits their own part; unless that is a must, compression is wanted all the same.
        DeflateParameters fallback = new DeflateParameters(
                false, wanted.clientNoContext(), MAX_WINDOW_BITS, wanted.clientWindowBits(), false, true);
        return room && !wanted.equals(fallback)
                ? List.of(wanted.toExtension(), fallback.toExtension())
                : List.of(wanted.toExtension());
    }

    /**
     * What a client makes of the server's response to these offers.
     *
     * @param offers what was offered
     * @param chosen the extensions that the response names, in its order
     * @return empty if the extension is not used
     * @throws IllegalArgumentException if the response is not valid, for which the client must fail the connection (7.1)
     */
    public static Optional<PermessageDeflate> agreed(
            List<Extension> offers, List<Extension> chosen, Policy policy, Memory memory) {
        List<Extension> ours = chosen.stream().filter(extension -> extension.name().equals(NAME)).toList();
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        if (ours.size() > 1) {
            throw new IllegalArgumentException(NAME + " is there twice");
        }
        DeflateParameters response = DeflateParameters.ofResponse(ours.get(0));
        if (offers.stream().flatMap(offer -> DeflateParameters.ofOffer(offer).stream()).noneMatch(response::answers)) {
            throw new IllegalArgumentException(ours.get(0) + " answers none of the offers");
        }
        Terms terms = new Terms(
                policy.outgoingContext() && !response.clientNoContext(),
                !response.serverNoContext(),
                Math.min(response.clientWindowBits(), policy.outgoingWindowBits()),
                response.serverWindowBits());
        return Optional.of(new PermessageDeflate(ours.get(0), terms, policy, memory, false));
    }

    // ---- both

    /**
     * The same for who compresses and inflates by himself: frames pass as they are, RSV1 set on the first of a compressed message (RFC 7692, 6),
     * whose text is not checked.
     */
    public PermessageDeflate asItIs() {
        return new PermessageDeflate(response, terms, policy, memory, true);
    }

    // ---- the engine's part

    /** Inflates what comes; see {@link Inflation}. */
    Inflation inflation(Limits limits, BooleanSupplier open, Runnable hold, MaskedFrameSink next) {
        return new Inflation(
                !asItIs,
                memory.compressors, terms.incomingContext(), terms.incomingWindowBits(), limits, open, hold, next);
    }

    /** Deflates what leaves; see {@link Deflation}. Null if that is not done here. */
    @Nullable Deflation deflation() {
        if (asItIs) {
            return null;
        }
        return new Deflation(
                memory.compressors,
                new Deflation.Policy(policy.level(), policy.thresholdBytes(), policy.chosen()),
                terms.outgoingContext(),
                terms.outgoingWindowBits());
    }
}
