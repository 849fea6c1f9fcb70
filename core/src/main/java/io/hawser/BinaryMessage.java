// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.PermessageDeflate;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A binary message (RFC 6455, 5.6). */
public sealed interface BinaryMessage extends Message permits BinaryMessage.Strict, BinaryMessage.Streamed {
    /** A message with a copy of these bytes. */
    static Strict of(byte[] bytes) {
        return new Strict(bytes.clone());
    }

    /** A message with a copy of what the buffer holds from position to limit, which stay. */
    static Strict of(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return new Strict(copy);
    }

    /** A message with these very bytes, handed over: they must not be changed any more. */
    static Strict wrap(byte[] bytes) {
        return new Strict(bytes);
    }

    /**
     * A message whose bytes come from a publisher, which is subscribed to when the message is sent. Each chunk leaves as a frame, while
     * the next is asked for as the transport takes them; it must not be changed any more. If the publisher fails, so does the connection
     * (1011), as there is no other way to give a message up.
     */
    static BinaryMessage streamed(Flow.Publisher<ByteBuffer> chunks) {
        Objects.requireNonNull(chunks);
        return (Streamed) () -> chunks;
    }

    /**
     * The bytes as they come, in read-only chunks that are the subscriber's to keep; of a strict message in one chunk. A streamed message
     * has one subscriber, who must not block.
     */
    Flow.Publisher<ByteBuffer> chunks();

    /** The bytes to be read with blocking calls, which must not be made on an event loop; closing it discards the rest. */
    InputStream inputStream();

    @Override
    CompletionStage<Strict> toStrict(long maxBytes, Duration timeout);

    @Override
    default String text() {
        throw new UnexpectedMessageException("a text was expected, not " + this);
    }

    /** A binary message that is there as a whole. */
    final class Strict implements BinaryMessage {
        private final byte[] bytes;
        private final PermessageDeflate.@Nullable Shared shared;

        private Strict(byte[] bytes) {
            this(bytes, null);
        }

        private Strict(byte[] bytes, PermessageDeflate.@Nullable Shared shared) {
            this.bytes = bytes;
            this.shared = shared;
        }

        /** This message for many connections. */
        Strict forMany() {
            return new Strict(bytes, new PermessageDeflate.Shared(Opcode.BINARY, data()));
        }

        /** What compresses it once for many connections; empty for a message to one. For whoever sends it. */
        public Optional<PermessageDeflate.Shared> shared() {
            return Optional.ofNullable(shared);
        }

        @Override
        public ByteBuffer data() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        /** The payload's length in bytes. */
        public int length() {
            return bytes.length;
        }

        @Override
        public Flow.Publisher<ByteBuffer> chunks() {
            return new OneChunk<>(data());
        }

        @Override
        public InputStream inputStream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public CompletionStage<Strict> toStrict(long maxBytes, Duration timeout) {
            ChunkCollector.requireArray(maxBytes);
            return MessageTooLargeException.unless(bytes.length <= maxBytes, this, maxBytes);
        }

        @Override
        public void discard() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Strict that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "binary of " + bytes.length + " bytes";
        }
    }

    /** A binary message that comes, or is to be sent, in chunks. */
    @FunctionalInterface
    non-sealed interface Streamed extends BinaryMessage {
        @Override
        default ByteBuffer data() {
            return ChunkCollector.await(this, toStrict(MAX_AWAITED_BYTES, ChunkCollector.LONGEST)).data();
        }

        @Override
        default InputStream inputStream() {
            return new ChunkInputStream(chunks());
        }

        @Override
        default CompletionStage<Strict> toStrict(long maxBytes, Duration timeout) {
            return ChunkCollector.collect(chunks(), ChunkCollector::bytesOf, () -> {}, maxBytes, timeout).thenApply(Strict::new);
        }

        @Override
        default void discard() {
            chunks().subscribe(new CancelAtOnce<>());
        }
    }
}
