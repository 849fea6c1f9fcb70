// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.Utf8;
import io.hawser.protocol.engine.PermessageDeflate;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A text message (RFC 6455, 5.6). */
public sealed interface TextMessage extends Message permits TextMessage.Strict, TextMessage.Streamed {
    /**
     * A message with this text.
     *
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, which UTF-8 cannot carry
     */
    static Strict of(String text) {
        return new Strict(Utf8.encode(text), text, null);
    }

    /**
     * A message with text that is UTF-8 already.
     *
     * @param utf8 handed over: it must not be changed any more. It must be valid UTF-8, which is not checked here; a peer fails the
     *     connection if it is not
     */
    static Strict ofValidUtf8(byte[] utf8) {
        return new Strict(utf8, null, null);
    }

    /**
     * A message whose text comes from a publisher, which is subscribed to when the message is sent. Each chunk leaves as a frame, while the
     * next is asked for as the transport takes them. A surrogate pair may be cut by chunks. If the publisher fails, so does the
     * connection (1011), as there is no other way to give a message up.
     */
    static TextMessage streamed(Flow.Publisher<String> chunks) {
        Objects.requireNonNull(chunks);
        return (Streamed) () -> chunks;
    }

    /** The text as it comes; of a strict message in one chunk. A streamed message has one subscriber, who must not block. */
    Flow.Publisher<String> chunks();

    /** The text to be read with blocking calls, which must not be made on an event loop; closing it discards the rest. */
    Reader reader();

    @Override
    CompletionStage<Strict> toStrict(long maxBytes, Duration timeout);

    /** A text that is there as a whole. It is decoded when it is first asked for, so passing it on costs no decoding. */
    final class Strict implements TextMessage {
        private final byte[] utf8;
        /** Set at most once in effect: all threads decode to equal strings, which are safe to publish by a race. */
        private @Nullable String decoded;

        private final PermessageDeflate.@Nullable Shared shared;

        private Strict(byte[] utf8, @Nullable String decoded, PermessageDeflate.@Nullable Shared shared) {
            this.utf8 = utf8;
            this.decoded = decoded;
            this.shared = shared;
        }

        /** This message for many connections. */
        Strict forMany() {
            return new Strict(utf8, decoded, new PermessageDeflate.Shared(Opcode.TEXT, data()));
        }

        /** What compresses it once for many connections; empty for a message to one. For whoever sends it. */
        public Optional<PermessageDeflate.Shared> shared() {
            return Optional.ofNullable(shared);
        }

        @Override
        public String text() {
            String text = decoded;
            if (text == null) {
                text = new String(utf8, StandardCharsets.UTF_8);
                decoded = text;
            }
            return text;
        }

        @Override
        public ByteBuffer data() {
            return ByteBuffer.wrap(utf8).asReadOnlyBuffer();
        }

        /** The length of the text in UTF-8, in bytes. */
        public int length() {
            return utf8.length;
        }

        @Override
        public Flow.Publisher<String> chunks() {
            return new OneChunk<>(text());
        }

        @Override
        public Reader reader() {
            return new StringReader(text());
        }

        @Override
        public CompletionStage<Strict> toStrict(long maxBytes, Duration timeout) {
            ChunkCollector.requireArray(maxBytes);
            return MessageTooLargeException.unless(utf8.length <= maxBytes, this, maxBytes);
        }

        @Override
        public void discard() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Strict that && Arrays.equals(utf8, that.utf8);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(utf8);
        }

        @Override
        public String toString() {
            return "text of " + utf8.length + " bytes";
        }
    }

    /** A text that comes, or is to be sent, in chunks. */
    @FunctionalInterface
    non-sealed interface Streamed extends TextMessage {
        @Override
        default String text() {
            return ChunkCollector.await(this, toStrict(MAX_AWAITED_BYTES, ChunkCollector.LONGEST)).text();
        }

        @Override
        default ByteBuffer data() {
            return ChunkCollector.await(this, toStrict(MAX_AWAITED_BYTES, ChunkCollector.LONGEST)).data();
        }

        @Override
        default Reader reader() {
            return new ChunkReader(chunks());
        }

        @Override
        default CompletionStage<Strict> toStrict(long maxBytes, Duration timeout) {
            Utf8.Encoder encoder = new Utf8.Encoder();
            return ChunkCollector.collect(chunks(), encoder::encode, encoder::finish, maxBytes, timeout)
                    .thenApply(utf8 -> new Strict(utf8, null, null));
        }

        @Override
        default void discard() {
            chunks().subscribe(new CancelAtOnce<>());
        }
    }
}
