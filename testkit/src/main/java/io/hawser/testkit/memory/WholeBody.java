// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.Response;
import io.hawser.http.BodyChunks;
import io.hawser.http.BodyLength;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects what a response carries, as its client receives it; asks a stream for one chunk after another, on the world's loop. */
final class WholeBody {
    private final World world;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private WholeBody(World world) {
        this.world = world;
    }

    /** The bytes of a body, or why they cannot be had; on the loop. */
    static CompletableFuture<byte[]> collect(World world, Response.Body body) {
        WholeBody whole = new WholeBody(world);
        return whole.add(body).thenApply(all -> whole.bytes.toByteArray());
    }

    private CompletableFuture<Void> add(Response.Body body) {
        return switch (body) {
            case Response.Body.Bytes there -> {
                append(there.data());
                yield CompletableFuture.completedFuture(null);
            }
            case Response.Body.FilePart file -> add(BodyChunks.of(file, world), file.length());
            case Response.Body.Stream stream -> add(stream.chunks(), stream.length());
            case Response.Body.Sequence sequence -> {
                CompletableFuture<Void> added = CompletableFuture.completedFuture(null);
                for (Response.Body part : sequence.parts()) {
                    added = added.thenCompose(before -> add(part));
                }
                yield added;
            }
        };
    }

    private CompletableFuture<Void> add(Flow.Publisher<ByteBuffer> chunks, OptionalLong length) {
        Receiving receiving = new Receiving(length);
        try {
            chunks.subscribe(receiving);
        } catch (RuntimeException e) { // the application's
            receiving.done.completeExceptionally(e);
        }
        return receiving.done;
    }

    private void append(ByteBuffer chunk) {
        byte[] copy = new byte[chunk.remaining()];
        chunk.get(copy);
        bytes.writeBytes(copy);
    }

    /** One stream. Its signals may come on any thread; they take effect on the loop. */
    private final class Receiving implements Flow.Subscriber<ByteBuffer> {
        private final BodyLength length;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        Receiving(OptionalLong length) {
            this.length = new BodyLength(length);
        }

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            Objects.requireNonNull(opened); // Reactive Streams 2.13
            world.execute(() -> {
                if (subscription != null) {
                    opened.cancel(); // 2.5
                } else {
                    subscription = opened;
                    ask(opened);
                }
            });
        }

        private void ask(Flow.Subscription open) {
            try {
                open.request(1);
            } catch (RuntimeException e) { // 3.16: it must not
                done.completeExceptionally(e);
            }
        }

        @Override
        public void onNext(ByteBuffer chunk) {
            ByteBuffer view = chunk.duplicate();
            world.execute(() -> {
                if (!done.isDone()) {
                    Flow.Subscription open = Objects.requireNonNull(subscription);
                    try {
                        length.add(view.remaining());
                        append(view);
                        ask(open);
                    } catch (IllegalStateException e) {
                        open.cancel();
                        done.completeExceptionally(e);
                    }
                }
            });
        }

        @Override
        public void onError(Throwable failure) {
            Objects.requireNonNull(failure); // 2.13
            world.execute(() -> done.completeExceptionally(failure));
        }

        @Override
        public void onComplete() {
            world.execute(() -> {
                try {
                    length.end();
                    done.complete(null);
                } catch (IllegalStateException e) {
                    done.completeExceptionally(e);
                }
            });
        }
    }
}
