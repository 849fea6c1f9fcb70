// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CompressionTest {
    private static final String LONG = "All work and no play makes Jack a dull boy. ".repeat(100);
    private static final Response PAGE = Response.html(LONG).withHeader("ETag", "\"one\"");

    @TempDir
    private Path folder;

    private static Request request(String method, String... fields) {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (String field : fields) {
            String[] pair = field.split(": ", 2);
            all.add(Map.entry(pair[0], pair[1]));
        }
        return KnownRequest.of(method, "/", HeaderFields.received(all), InetSocketAddress.createUnresolved("peer", 1));
    }

    private static Response answered(Response response, String method, String... fields) {
        return Selection.of(request(method, fields), response, true, Surroundings.ofSystem());
    }

    private static Response toGzip(Response response) {
        return answered(response, "GET", "Accept-Encoding: gzip");
    }

    private static boolean isGzip(Response response) {
        return response.header("Content-Encoding").filter("gzip"::equals).isPresent();
    }

    private static byte[] bytes(Response.Body body) {
        return switch (body) {
            case Response.Body.Bytes whole -> {
                byte[] copy = new byte[whole.data().remaining()];
                whole.data().get(copy);
                yield copy;
            }
            case Response.Body.Stream stream -> {
                CompletableFuture<byte[]> all = new CompletableFuture<>();
                stream.chunks().subscribe(new Collecting(all));
                yield all.join();
            }
            case Response.Body.FilePart file -> throw new AssertionError(file);
            case Response.Body.Sequence sequence -> throw new AssertionError(sequence);
        };
    }

    private static String text(Response response) throws Exception {
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(bytes(response.body()))).readAllBytes(), StandardCharsets.UTF_8);
    }

    // ---- who takes it

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                          | true",
                "deflate, gzip;q=1.0, *;q=0.5  | true",
                "GZIP                          | true",
                "x-gzip                        | true",
                "*                             | true",
                "*;q=0.1                       | true",
                "gzip;q=0.001                  | true",
                "gzip ; q=1                    | true",
                "identity;q=0, gzip            | true",
                "br;q=1.0, gzip;q=0.8          | true",
                "gzip;q=0                      | false",
                "gzip;q=0.000, *               | false",
                "*;q=0                         | false",
                "identity                      | false",
                "identity;q=1, gzip;q=0.5      | false",
                "br                            | false",
                "gzip;q=x                      | false",
                "gzip;q=2                      | false",
                "gzip;q                        | false",
                "''                            | false",
            })
    void compressesForWhoTakesIt(String field, boolean taken) {
        Response response = answered(PAGE, "GET", "Accept-Encoding: " + field);
        assertThat(isGzip(response)).isEqualTo(taken);
        assertThat(response.header("Vary")).as("either way").contains("Accept-Encoding");
    }

    @Test
    void leavesTheResponseToWhoSaysNothing() {
        assertThat(isGzip(answered(PAGE, "GET"))).isFalse();
        assertThat(isGzip(Selection.of(request("GET", "Accept-Encoding: gzip"), PAGE, false, Surroundings.ofSystem()))).isFalse();
    }

    // ---- what is compressed

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/css", "Text/HTML; charset=utf-8", "application/json", "application/ld+json", "text/javascript", "application/javascript",
                "application/xml", "image/svg+xml", "text/event-stream"
            })
    void compressesTexts(String type) {
        assertThat(isGzip(toGzip(PAGE.withoutHeader("Content-Type").withHeader("Content-Type", type)))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "video/mp4", "application/octet-stream", "font/woff2", "application/zip", "multipart/byteranges"})
    void leavesOtherTypes(String type) {
        Response response = toGzip(PAGE.withoutHeader("Content-Type").withHeader("Content-Type", type));
        assertThat(isGzip(response)).isFalse();
        assertThat(response.header("Vary")).isEmpty();
    }

    @Test
    void leavesWhatIsNotToBeTouched() {
        assertThat(isGzip(toGzip(Response.text("x".repeat(1_023))))).as("short").isFalse();
        assertThat(isGzip(toGzip(Response.text("x".repeat(1_024))))).isTrue();
        assertThat(isGzip(toGzip(PAGE.withHeader("Cache-Control", "public, No-Transform")))).isFalse();
        assertThat(toGzip(PAGE.withHeader("Content-Encoding", "br")).headers().allValues("Content-Encoding")).containsExactly("br");
        assertThat(isGzip(toGzip(PAGE.withStatus(204)))).isFalse();
        assertThat(isGzip(toGzip(PAGE.withoutHeader("Content-Type")))).isFalse();
        assertThat(isGzip(toGzip(PAGE.withStatus(404)))).as("an error's page").isTrue();
        assertThat(isGzip(answered(PAGE, "POST", "Accept-Encoding: gzip"))).isTrue();
    }

    @Test
    void leavesAPart() {
        Response part = answered(PAGE, "GET", "Accept-Encoding: gzip", "Range: bytes=0-9");
        assertThat(part.status()).isEqualTo(206);
        assertThat(isGzip(part)).isFalse();
        assertThat(part.header("ETag")).contains("\"one\"");
    }

    // ---- how it is told

    @Test
    void tellsOfAnotherRepresentation() throws Exception {
        Response response = toGzip(PAGE.withHeader("Vary", "Cookie"));
        assertThat(response.header("ETag")).contains("W/\"one\"");
        assertThat(response.header("Accept-Ranges")).isEmpty();
        assertThat(response.headers().allValues("Vary")).containsExactly("Cookie", "Accept-Encoding");
        assertThat(response.body().length().orElseThrow()).isLessThan(LONG.length() / 10);
        assertThat(text(response)).isEqualTo(LONG);
        assertThat(toGzip(PAGE.withHeader("Vary", "a, accept-encoding")).headers().allValues("Vary")).hasSize(1);
        assertThat(toGzip(PAGE.withHeader("Vary", "*")).headers().allValues("Vary")).containsExactly("*");
    }

    @Test
    void tellsThatAClientHasIt() {
        for (String tag : List.of("W/\"one\"", "\"one\"")) {
            Response response = answered(PAGE, "GET", "Accept-Encoding: gzip", "If-None-Match: " + tag);
            assertThat(response.status()).isEqualTo(304);
            assertThat(response.headers().map()).containsOnlyKeys("ETag", "Vary");
            assertThat(response.header("ETag")).contains("W/\"one\"");
        }
    }

    @Test
    void tellsHeadWhatIsKnown() {
        Response response = answered(PAGE, "HEAD", "Accept-Encoding: gzip");
        assertThat(isGzip(response)).isTrue();
        assertThat(response.header("Vary")).contains("Accept-Encoding");
        assertThat(response.body().length()).isEmpty();
    }

    // ---- what comes by and by

    @Test
    void compressesFilesAndLargeBodies() throws Exception {
        String large = LONG.repeat(500);
        Response whole = toGzip(Response.text(large));
        assertThat(whole.body()).isInstanceOf(Response.Body.Stream.class);
        assertThat(text(whole)).isEqualTo(large);
        assertThat(text(toGzip(Response.file(Files.writeString(folder.resolve("a.txt"), large))))).isEqualTo(large);
    }

    @Test
    void compressesAStreamChunkByChunk() throws Exception {
        ByHand source = new ByHand();
        Collecting collecting = new Collecting(new CompletableFuture<>());
        Response response = toGzip(Response.of(200, source).withHeader("Content-Type", "text/event-stream"));
        ((Response.Body.Stream) response.body()).chunks().subscribe(collecting);
        for (String event : List.of("data: one\n\n", "data: two\n\n")) {
            source.subscriber.onNext(ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8)));
            byte[] part = new byte[event.length()];
            int had = event.contains("one") ? 0 : event.length();
            GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(collecting.soFar()));
            in.skipNBytes(had);
            assertThat(in.read(part)).isEqualTo(part.length);
            assertThat(new String(part, StandardCharsets.UTF_8)).as("not held back").isEqualTo(event);
        }
        source.subscriber.onComplete();
        byte[] all = collecting.whole.join();
        assertThat(new GZIPInputStream(new ByteArrayInputStream(all)).readAllBytes()).hasSize(22);
        assertThat(source.requested).isEqualTo(3);
    }

    @Test
    void givesTheEndOnlyWhenItIsAskedFor() {
        ByHand source = new ByHand();
        Collecting collecting = new Collecting(new CompletableFuture<>());
        collecting.atATime = 0;
        new GzipChunks(source, OptionalLong.empty(), true).subscribe(collecting);
        collecting.subscription.request(1);
        source.subscriber.onNext(ByteBuffer.wrap(new byte[1]));
        source.subscriber.onComplete();
        assertThat(collecting.whole).isNotDone();
        collecting.subscription.request(1);
        assertThat(collecting.whole).isDone();
    }

    @Test
    void passesOnThatTheRestIsNotWantedAndThatItFails() {
        ByHand source = new ByHand();
        Collecting collecting = new Collecting(new CompletableFuture<>());
        new GzipChunks(source, OptionalLong.empty(), true).subscribe(collecting);
        collecting.subscription.cancel();
        collecting.subscription.cancel();
        assertThat(source.cancellations).isEqualTo(1);
        source.subscriber.onNext(ByteBuffer.wrap(new byte[1]));
        source.subscriber.onComplete();
        assertThat(collecting.whole).isNotDone();

        Collecting other = new Collecting(new CompletableFuture<>());
        new GzipChunks(source, OptionalLong.empty(), true).subscribe(other);
        source.subscriber.onError(new IllegalStateException("a fault"));
        assertThat(other.whole).isCompletedExceptionally();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void refusesAStreamThatIsNotAsLongAsWasSaid(int bytes) {
        ByHand source = new ByHand();
        Collecting collecting = new Collecting(new CompletableFuture<>());
        new GzipChunks(source, OptionalLong.of(2), true).subscribe(collecting);
        source.subscriber.onNext(ByteBuffer.wrap(new byte[bytes]));
        source.subscriber.onComplete();
        assertThat(collecting.whole).isCompletedExceptionally();
        assertThat(source.cancellations).isEqualTo(bytes == 1 ? 0 : 1);
    }

    /** A source that a test moves. */
    private static final class ByHand implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
        private Flow.Subscriber<? super ByteBuffer> subscriber;
        private long requested;
        private int cancellations;

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> subscribed) {
            subscriber = subscribed;
            subscribed.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {
            cancellations++;
        }
    }

    /** Collects, one chunk at a time. */
    private static final class Collecting implements Flow.Subscriber<ByteBuffer> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> whole;
        private int atATime = 1;
        private Flow.Subscription subscription;

        Collecting(CompletableFuture<byte[]> whole) {
            this.whole = whole;
        }

        byte[] soFar() {
            return bytes.toByteArray();
        }

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            subscription = opened;
            ask();
        }

        private void ask() {
            if (atATime > 0) {
                subscription.request(atATime);
            }
        }

        @Override
        public void onNext(ByteBuffer chunk) {
            byte[] copy = new byte[chunk.remaining()];
            chunk.get(copy);
            bytes.writeBytes(copy);
            ask();
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
}
