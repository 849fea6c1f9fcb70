// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * How messages are compressed, by the extension permessage-deflate (RFC 7692): whether, which, how hard, and within what memory. A client
 * offers it, a server takes the first valid offer, and otherwise messages pass as they are. Immutable: each method returns another, as in
 * {@code handler.with(o -> o.compression(Compression.on().level(6)))}.
 *
 * @param enabled whether a client offers it and a server accepts it; default true
 * @param raw whether it is left to a {@linkplain #ofRawFrames() handler of raw frames}; default false
 * @param policy what is wanted of it, as the protocol engine takes it
 * @param memoryBytes the {@linkplain #memoryBytes(long) budget} of a whole server or client
 */
public record Compression(boolean enabled, boolean raw, Policy policy, long memoryBytes) {
    private static final long DEFAULT_MEMORY_BYTES = 64 << 20;
    private static final Compression ON = new Compression(true, false, Policy.DEFAULT, DEFAULT_MEMORY_BYTES);
    private static final Compression RAW = new Compression(true, true, Policy.DEFAULT, DEFAULT_MEMORY_BYTES);
    private static final Compression OFF = new Compression(false, false, Policy.DEFAULT, DEFAULT_MEMORY_BYTES);

    /** Checks that the memory is not negative. */
    public Compression {
        Objects.requireNonNull(policy);
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("memoryBytes must be 0 or more, not " + memoryBytes + "; Compression.off() takes none");
        }
    }

    /** Compression by the defaults, which each method below names. */
    public static Compression on() {
        return ON;
    }

    /** None: a client offers nothing, a server declines what is offered, and both say so by leaving the header field out. */
    public static Compression off() {
        return OFF;
    }

    /**
     * Agreed on, but left to the handler, which must be one of {@link WebSocketHandler#rawFrames}: compressed frames come as they are, with RSV1
     * set on the first of a message (RFC 7692, 6), and leave as the handler makes them. For relays that pass them on. What was agreed on, {@link
     * Connection#response} says.
     */
    public static Compression ofRawFrames() {
        return RAW;
    }

    /**
     * How hard is tried to make messages small, from 1, the fastest, to 9; default 1. The level is not negotiated: the peer reads all of them.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public Compression level(int level) {
        return with(draft -> draft.level = level);
    }

    /**
     * Messages with fewer bytes of payload are sent as they are (RFC 7692, 6: a message need not be compressed); 0 or more; default 256. A
     * message in parts is compressed however short it is, as nobody knows that when it begins.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Compression thresholdBytes(int bytes) {
        return with(draft -> draft.thresholdBytes = bytes);
    }

    /**
     * Compresses only the messages of at least {@link #thresholdBytes(int)} that this chooses; default all. Leave out what is compressed
     * already, as pictures are, and what holds both a secret and text of somebody else's choice: its length would tell of the secret.
     *
     * @param chosen told opcode and payload, of a message in parts its first part, read-only and borrowed for the call; on the connection's
     *     event loop, so it must not block. What it throws closes the connection with 1011
     */
    public Compression only(BiPredicate<Opcode, ByteBuffer> chosen) {
        return with(draft -> draft.chosen = Objects.requireNonNull(chosen));
    }

    /**
     * Whether what was sent before may help to compress what is sent (context takeover: RFC 7692, 7.1.1), if the peer permits; default true.
     * It makes small messages that resemble each other much smaller, and takes a few KiB of memory a connection.
     */
    public Compression outgoingContext(boolean on) {
        return with(draft -> draft.outgoingContext = on);
    }

    /**
     * Whether the peer may do the same (RFC 7692, 7.1.1); default true. It takes memory of the size of its window a connection, 32 KiB by
     * default; a server can always refuse it, a client ask for it.
     */
    public Compression incomingContext(boolean on) {
        return with(draft -> draft.incomingContext = on);
    }

    /**
     * How far back what is sent refers at most, as a power of two of bytes (RFC 7692, 7.1.2); 8 to 15; default 15, 32 KiB. Less makes
     * messages longer, and saves the peer memory.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public Compression outgoingWindowBits(int bits) {
        return with(draft -> draft.outgoingWindowBits = bits);
    }

    /**
     * How far back what comes may refer, as a power of two of bytes (RFC 7692, 7.1.2); 8 to 15; default 15, 32 KiB. Less saves memory where
     * the peer can be asked for it: a server may ask those clients that offer {@code client_max_window_bits}.
     *
     * @throws IllegalArgumentException if it is outside that range
     */
    public Compression incomingWindowBits(int bits) {
        return with(draft -> draft.incomingWindowBits = bits);
    }

    /**
     * The memory for compression of a whole server or client: native compressors, which a connection has for the length of a message only,
     * and what connections keep of earlier messages; 0 or more; default 64 MiB. Without room, new connections get no context takeover,
     * messages leave as they are, and a compressed one that comes closes its connection with 1013.
     *
     * <p>It counts in the options of the server or client itself, not in those of a handler or of a single connect.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Compression memoryBytes(long bytes) {
        return new Compression(enabled, raw, policy, bytes);
    }

    private Compression with(Consumer<Draft> change) {
        Draft draft = new Draft(policy);
        change.accept(draft);
        return new Compression(enabled, raw, draft.toPolicy(), memoryBytes);
    }

    /** A policy that is being changed. */
    private static final class Draft {
        int level;
        int thresholdBytes;
        BiPredicate<Opcode, ByteBuffer> chosen;
        boolean outgoingContext;
        boolean incomingContext;
        int outgoingWindowBits;
        int incomingWindowBits;

        Draft(Policy from) {
            level = from.level();
            thresholdBytes = from.thresholdBytes();
            chosen = from.chosen();
            outgoingContext = from.outgoingContext();
            incomingContext = from.incomingContext();
            outgoingWindowBits = from.outgoingWindowBits();
            incomingWindowBits = from.incomingWindowBits();
        }

        Policy toPolicy() {
            return new Policy(
                    level, thresholdBytes, chosen, outgoingContext, incomingContext, outgoingWindowBits, incomingWindowBits);
        }
    }
}
