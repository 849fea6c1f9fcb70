// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one subscriber the bytes of a file: while chunks are asked for, on a thread that ends when they are given. The file is open from
 * the first request to the end, or to the cancellation.
 */
final class FileReading implements Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(FileReading.class);
    private static final int CHUNK_BYTES = 64 << 10;

    private final Response.Body.FilePart file;
    private final Surroundings surroundings;
    private final Flow.Subscriber<? super ByteBuffer> subscriber;

    /** What is asked for; whoever finds none starts the thread, which goes on until none is left. */
    private final AtomicLong demand = new AtomicLong();

    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile boolean refused;

    // The thread's own
    private @Nullable SeekableByteChannel open;
    private long given;
    private boolean done;

    FileReading(Response.Body.FilePart file, Surroundings surroundings, Flow.Subscriber<? super ByteBuffer> subscriber) {
        this.file = file;
        this.surroundings = surroundings;
        this.subscriber = subscriber;
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
        if (demand.getAndAccumulate(more, FileReading::sum) == 0) {
            surroundings.start("hawser-file " + file.path().getFileName(), this::run);
        }
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
            subscriber.onNext(chunk.asReadOnlyBuffer());
            if (given == file.bytes()) {
                end();
                subscriber.onComplete();
            }
        } catch (IOException | RuntimeException failure) {
            end();
            subscriber.onError(failure);
        }
    }

    private ByteBuffer read() throws IOException {
        SeekableByteChannel from = open;
        if (from == null) {
            from = Files.newByteChannel(file.path());
            open = from;
            from.position(file.position());
        }
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, file.bytes() - given));
        while (chunk.hasRemaining()) {
            if (from.read(chunk) < 0) {
                throw new EOFException(file.path() + " became shorter while it was sent: "
                        + (given + chunk.position()) + " bytes of " + file.bytes() + " were left");
            }
        }
        return chunk.flip();
    }

    private void end() {
        done = true;
        SeekableByteChannel from = open;
        open = null;
        if (from != null) {
            try {
                from.close();
            } catch (IOException e) {
                LOG.debug("closing {} failed: {}", file.path(), e.toString());
            }
        }
    }
}
