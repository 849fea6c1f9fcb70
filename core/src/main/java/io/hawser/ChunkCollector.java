// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.waiting.Awaited;
import io.hawser.waiting.Surrounded;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the chunks of a message together, up to a length and within a time; gives up the message otherwise. */
final class ChunkCollector<C> implements Flow.Subscriber<C> {
    /** No time-out. */
    static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final Function<? super C, byte[]> bytesOf;
    private final Runnable atEnd;
    private final long maxBytes;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> done = new CompletableFuture<>();
    /** Also read by the timer's thread. */
    private volatile Flow.@Nullable Subscription subscription;

    private ChunkCollector(Function<? super C, byte[]> bytesOf, Runnable atEnd, long maxBytes) {
        this.bytesOf = bytesOf;
        this.atEnd = atEnd;
        this.maxBytes = maxBytes;
    }

    /**
     * Collects all chunks.
     *
     * @param atEnd throws if what came is not whole
     */
    static <C> CompletableFuture<byte[]> collect(
            Flow.Publisher<C> chunks, Function<? super C, byte[]> bytesOf, Runnable atEnd, long maxBytes, Duration timeout) {
        requireArray(maxBytes);
        ChunkCollector<C> collector = new ChunkCollector<>(bytesOf, atEnd, maxBytes);
        chunks.subscribe(collector);
        if (timeout.compareTo(LONGEST) < 0) {
            Runnable cancelTimeout =
                    Surrounded.surroundingsOf(chunks).schedule(collector::expire, timeout.isNegative() ? Duration.ZERO : timeout);
            collector.done.whenComplete((whole, failure) -> cancelTimeout.run());
        }
        return collector.done;
    }

    /** Waits for a message as a whole, which it is about to be. */
    static <M extends Message> M await(Message message, CompletionStage<M> whole) {
        return Awaited.result(
                whole,
                Surrounded.surroundingsOf(message),
                () -> new WaitInterruptedException("interrupted while waiting for a message's end"));
    }

    /** Refuses a length that no array can have. */
    static void requireArray(long maxBytes) {
        if (maxBytes < 0 || maxBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("maxBytes must be 0 to " + (Integer.MAX_VALUE - 8) + ", not " + maxBytes);
        }
    }

    static byte[] bytesOf(ByteBuffer chunk) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(chunk.position(), bytes);
        return bytes;
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened); // Reactive Streams 2.13
        if (subscription != null) {
            opened.cancel(); // 2.5
            return;
        }
        subscription = opened;
        if (done.isDone()) {
            opened.cancel(); // the time was over before this came
        } else {
            opened.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(C chunk) {
        Objects.requireNonNull(chunk); // 2.13
        byte[] bytes;
        try {
            bytes = bytesOf.apply(chunk);
        } catch (RuntimeException e) { // 2.13: a signal returns normally
            cancel();
            done.completeExceptionally(e);
            return;
        }
        if (bytes.length > maxBytes - all.size()) {
            cancel();
            done.completeExceptionally(new MessageTooLargeException(maxBytes));
        } else {
            all.writeBytes(bytes);
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(Objects.requireNonNull(failure)); // 2.13
    }

    @Override
    public void onComplete() {
        try {
            atEnd.run();
            done.complete(all.toByteArray());
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void expire() {
        if (done.completeExceptionally(new TimeoutException())) {
            cancel();
        }
    }

    private void cancel() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }
}
