// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.TextMessage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A message that a probe received, whole or still coming. One chunk more is asked for than it may have, so that a message is known to be too
 * long when it is.
 */
final class Arriving {
    private final Message message;
    private final int maxChunks;
    /** What came and was not taken: strings of a text, byte arrays of a binary. */
    private final ArrayDeque<Object> chunks = new ArrayDeque<>();

    private Flow.@Nullable Subscription subscription;
    private boolean reading;
    private boolean ended;
    private @Nullable Throwable failure;

    /**
     * A message of which nothing is read so far.
     *
     * @param maxChunks how many of its chunks are kept
     */
    Arriving(Message message, int maxChunks) {
        this.message = message;
        this.maxChunks = maxChunks;
    }

    /** The message as it was received. */
    Message message() {
        return message;
    }

    boolean isReading() {
        return reading;
    }

    boolean isText() {
        return message instanceof TextMessage;
    }

    /** Begins to read; harmless if repeated. */
    void read() {
        if (reading) {
            return;
        }
        reading = true;
        switch (message) {
            case TextMessage.Strict text -> addWhole(text.text());
            case BinaryMessage.Strict binary -> addWhole(bytesOf(binary.data()));
            case TextMessage.Streamed streamed -> streamed.chunks().subscribe(new Reader<>(chunks::add));
            case BinaryMessage.Streamed streamed -> streamed.chunks().subscribe(new Reader<>(chunk -> chunks.add(bytesOf(chunk))));
        }
    }

    private void addWhole(Object chunk) {
        chunks.add(chunk);
        ended = true;
    }

    /** Whether all is here, or no more will be. */
    boolean isOver() {
        return ended;
    }

    /** Whether it has more chunks than are kept. */
    boolean isTooLong() {
        return chunks.size() > maxChunks;
    }

    /** Why its rest does not come; null if nothing is known to hold that up. */
    @Nullable Throwable failure() {
        return failure;
    }

    boolean hasChunk() {
        return !chunks.isEmpty();
    }

    /** Takes the next chunk, which is here: a string of a text, a byte array of a binary. */
    Object takeChunk() {
        Object chunk = chunks.remove();
        if (subscription != null) {
            subscription.request(1);
        }
        return chunk;
    }

    /** What is here and was not taken, as a message. */
    Message collected() {
        if (isText()) {
            StringBuilder text = new StringBuilder();
            chunks.forEach(text::append);
            return TextMessage.of(text.toString());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        chunks.forEach(chunk -> bytes.writeBytes((byte[]) chunk));
        return BinaryMessage.wrap(bytes.toByteArray());
    }

    /** Drops the rest. */
    void drop() {
        if (subscription != null) {
            subscription.cancel();
        }
        chunks.clear();
    }

    /** As a failure shows it. */
    @Override
    public String toString() {
        if (!reading) {
            return Shown.message(message);
        }
        return ended && failure == null
                ? Shown.message(collected())
                : "a streamed message that has not ended, of which " + Shown.count(chunks.size(), "chunk") + " came, " + Shown.message(collected());
    }

    private static byte[] bytesOf(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(data.position(), bytes);
        return bytes;
    }

    private final class Reader<C> implements Flow.Subscriber<C> {
        private final Consumer<? super C> kept;

        Reader(Consumer<? super C> kept) {
            this.kept = kept;
        }

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            subscription = Objects.requireNonNull(opened);
            opened.request(maxChunks + 1L);
        }

        @Override
        public void onNext(C chunk) {
            kept.accept(chunk);
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
            ended = true;
        }

        @Override
        public void onComplete() {
            ended = true;
        }
    }
}
