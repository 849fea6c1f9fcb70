// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.testkit.HawserTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client in memory receives of responses that are not there as a whole. */
class ResponsesInMemoryTest {
    @TempDir
    private Path folder;

    private static HttpHandler always(Response response) {
        return HttpHandler.async(request -> CompletableFuture.completedStage(response));
    }

    /** Gives these, then fails, where there is a failure. */
    private static Flow.Publisher<ByteBuffer> chunks(List<String> texts, RuntimeException... failure) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            private final Iterator<String> left = texts.iterator();
            private boolean ended;

            @Override
            public void request(long n) {
                if (left.hasNext()) {
                    subscriber.onNext(StandardCharsets.UTF_8.encode(left.next()));
                }
                if (!left.hasNext() && !ended) {
                    ended = true;
                    end();
                }
            }

            private void end() {
                if (failure.length == 0) {
                    subscriber.onComplete();
                } else {
                    subscriber.onError(failure[0]);
                }
            }

            @Override
            public void cancel() {
                ended = true;
            }
        });
    }

    @Test
    void receivesAStream() {
        try (HawserTest test = HawserTest.of(always(Response.of(200, chunks(List.of("Hello", ", ", "world")))))) {
            Response response = test.request("/");
            assertThat(response.bodyText()).isEqualTo("Hello, world");
            assertThat(response.header("transfer-encoding")).contains("chunked");
            assertThat(test.request("HEAD", "/", Map.of()).bodyText()).isEmpty();
        }
    }

    @Test
    void tellsOfAStreamThatFails() {
        RuntimeException fault = new IllegalStateException("a fault");
        try (HawserTest test = HawserTest.of(always(Response.of(200, chunks(List.of("Hello"), fault))))) {
            assertThatThrownBy(() -> test.request("/"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("a response to GET /")
                    .hasMessageContaining("broke off")
                    .hasMessageContaining("a fault");
            assertThat(test.failures()).containsExactly(fault);
        }
    }

    @Test
    void tellsOfAStreamThatIsNotAsLongAsWasSaid() {
        for (int bytes : new int[] {4, 6}) {
            try (HawserTest test = HawserTest.of(always(Response.of(200, chunks(List.of("Hello")), bytes)))) {
                assertThatThrownBy(() -> test.request("/")).hasMessageContaining("the body was to have " + bytes + " bytes, and has");
            }
        }
    }

    @Test
    void receivesAFileAndPartsOfIt() throws Exception {
        Path file = Files.writeString(folder.resolve("digits.txt"), "0123456789");
        try (HawserTest test = HawserTest.of(always(Response.file(file)))) {
            Response whole = test.request("/");
            assertThat(whole.bodyText()).isEqualTo("0123456789");
            assertThat(whole.header("content-length")).contains("10");
            assertThat(test.request("GET", "/", Map.of("Range", "bytes=2-3")).bodyText()).isEqualTo("23");
            Response several = test.request("GET", "/", Map.of("Range", "bytes=0-0,9-9"));
            assertThat(several.bodyText()).contains("bytes 0-0/10\r\n\r\n0\r\n", "bytes 9-9/10\r\n\r\n9\r\n");
            String tag = whole.header("ETag").orElseThrow();
            assertThat(test.request("GET", "/", Map.of("If-None-Match", tag)).status()).isEqualTo(304);
            Response head = test.request("HEAD", "/", Map.of());
            assertThat(head.header("content-length")).contains("10");
            assertThat(head.bodyText()).isEmpty();
            assertThat(test.elapsed()).isEqualTo(Duration.ZERO);
        }
    }

    @Test
    void tellsOfAFileThatIsGone() {
        Response.Body part = new Response.Body.FilePart(folder.resolve("none"), 0, 5);
        try (HawserTest test = HawserTest.of(always(Response.of(200).withBody(part)))) {
            assertThatThrownBy(() -> test.request("/")).hasMessageContaining("NoSuchFileException");
        }
    }
}
