// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BodyChunksTest {
    @TempDir
    private Path folder;

    private Path file(int bytes) throws Exception {
        byte[] content = new byte[bytes];
        new Random(1).nextBytes(content);
        return Files.write(folder.resolve("file"), content);
    }

    private static BodyChunks chunks(Path path, long position, long bytes) {
        return BodyChunks.of(new Response.Body.FilePart(path, position, bytes), Surroundings.ofSystem());
    }

    /** Collects, and asks for so many at a time. */
    private static final class Collecting implements Flow.Subscriber<ByteBuffer> {
        private final long atATime;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final AtomicInteger chunks = new AtomicInteger();
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private volatile Flow.Subscription subscription;

        Collecting(long atATime) {
            this.atATime = atATime;
        }

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            subscription = opened;
            opened.request(atATime);
        }

        @Override
        public void onNext(ByteBuffer chunk) {
            byte[] copy = new byte[chunk.remaining()];
            chunk.get(copy);
            bytes.writeBytes(copy);
            chunks.incrementAndGet();
            if (atATime == 1) {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, Long.MAX_VALUE})
    void givesAPart(long atATime) throws Exception {
        Path path = file(1_000_000);
        Collecting collecting = new Collecting(atATime);
        BodyChunks chunks = chunks(path, 3, 700_000);
        chunks.subscribe(collecting);
        assertThat(collecting.whole.join()).isEqualTo(Arrays.copyOfRange(Files.readAllBytes(path), 3, 700_003));
        Collecting again = new Collecting(atATime);
        chunks.subscribe(again);
        assertThat(again.whole.join()).hasSize(700_000);
    }

    @Test
    void givesNothingOfNothing() throws Exception {
        Collecting collecting = new Collecting(1);
        chunks(file(5), 2, 0).subscribe(collecting);
        assertThat(collecting.whole.join()).isEmpty();
    }

    @Test
    void givesNoMoreThanIsAskedFor() throws Exception {
        Collecting collecting = new Collecting(2);
        chunks(file(1_000_000), 0, 1_000_000).subscribe(collecting);
        await().until(() -> collecting.chunks.get() == 2);
        collecting.subscription.request(1);
        await().until(() -> collecting.chunks.get() == 3);
        collecting.subscription.cancel();
        assertThat(collecting.whole).isNotDone();
    }

    @Test
    void tellsOfAFileThatIsShorter() throws Exception {
        Collecting collecting = new Collecting(1_000);
        chunks(file(100_000), 0, 100_001).subscribe(collecting);
        assertThat(failure(collecting)).hasMessageContaining("became shorter").hasMessageContaining("100000 bytes of 100001");
    }

    @Test
    void tellsOfAFileThatIsGone() {
        Collecting collecting = new Collecting(1);
        chunks(folder.resolve("none"), 0, 1).subscribe(collecting);
        assertThat(failure(collecting)).isInstanceOf(NoSuchFileException.class);
    }

    /** Reactive Streams 3.9. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void refusesARequestForNothing(long count) throws Exception {
        Collecting collecting = new Collecting(count);
        chunks(file(5), 0, 5).subscribe(collecting);
        assertThat(failure(collecting)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Throwable failure(Collecting collecting) {
        try {
            throw new AssertionError("completed with " + collecting.whole.join().length);
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
