// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.waiting.Surroundings;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one subscriber what can be read: while chunks are asked for, on a thread that ends when they are given. The source is open from the
 * first request to the end, or to the cancellation.
 */
final class ReadChunks implements Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(ReadChunks.class);
    private static final int CHUNK_BYTES = 64 << 10;

    /**
     * What is read.
     *
     * @param name for whoever looks at the thread
     * @param bytes how many are read
     * @param opening opens it at the first of them
     */
    record Source(String name, long bytes, Opening opening) {}

    /** Opens what is read. */
    @FunctionalInterface
    interface Opening {
        /** Each time anew; may block. */
        ReadableByteChannel open() throws IOException;
    }

    private final Source source;
    private final Surroundings surroundings;
    private final Flow.Subscriber<? super ByteBuffer> subscriber;

    /** What is asked for; whoever finds none starts the thread, which goes on until none is left. One more until it is {@linkplain #begin begun}. */
    private final AtomicLong demand = new AtomicLong(1);

    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile boolean refused;

    // The thread's own
    private @Nullable ReadableByteChannel open;
    private long given;
    private boolean done;

    ReadChunks(Source source, Surroundings surroundings, Flow.Subscriber<? super ByteBuffer> subscriber) {
        this.source = source;
        this.surroundings = surroundings;
        this.subscriber = subscriber;
    }

    /** The subscriber knows of this: what it has asked for may come (Reactive Streams 1.3). */
    void begin() {
        if (demand.decrementAndGet() > 0) {
            start();
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            refused = true; // Reactive Streams 3.9: signals onError, as the thread does then
        }
        wake(Math.max(1, n));
    }

    @Override
    public void cancel() {
        if (cancelled.compareAndSet(false, true)) {
            wake(1); // the file is to be closed, by whom it belongs to
        }
    }

    private void wake(long more) {
        if (demand.getAndAccumulate(more, ReadChunks::sum) == 0) {
            start();
        }
    }

    private void start() {
        surroundings.start("hawser-read " + source.name(), this::run);
    }

    private static long sum(long some, long more) {
        return some + more < 0 ? Long.MAX_VALUE : some + more; // 3.17: as good as unbounded
    }

    private void run() {
        long left;
        do {
            if (!done) {
                step();
            }
            left = demand.decrementAndGet();
        } while (left > 0 && !done);
        // Whoever asks for more when all is done finds demand, and starts no thread.
        if (done) {
            demand.set(Long.MAX_VALUE);
        }
    }

    private void step() {
        if (cancelled.get()) {
            end();
            return;
        }
        try {
            if (refused) {
                throw new IllegalArgumentException("a subscriber asked for none, or fewer");
            }
            ByteBuffer chunk = read();
            given += chunk.remaining();
            if (chunk.hasRemaining()) {
                subscriber.onNext(chunk.asReadOnlyBuffer());
            }
            if (given == source.bytes()) {
                end();
                subscriber.onComplete();
            }
        } catch (IOException | RuntimeException failure) {
            end();
            subscriber.onError(failure);
        }
    }

    private ByteBuffer read() throws IOException {
        ReadableByteChannel from = open;
        if (from == null) {
            from = source.opening().open();
            open = from;
        }
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, source.bytes() - given));
        while (chunk.hasRemaining()) {
            if (from.read(chunk) < 0) {
                throw new EOFException(source.name() + " became shorter while it was sent: "
                        + (given + chunk.position()) + " bytes of " + source.bytes() + " were left");
            }
        }
        return chunk.flip();
    }

    private void end() {
        done = true;
        ReadableByteChannel from = open;
        open = null;
        if (from != null) {
            try {
                from.close();
            } catch (IOException e) {
                LOG.debug("closing {} failed: {}", source.name(), e.toString());
            }
        }
    }
}
