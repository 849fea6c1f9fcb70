// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.HOST;
import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.post;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.HttpStatusException;
import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.conformance.raw.Sender;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of a server's options, each made small or short. Asserted is what comes of it, not when. */
@Timeout(60)
class HttpLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    @RegisterExtension
    static final HttpTarget small =
            HttpTarget.with(o -> o.maxRequestLineBytes(40).maxHeaderBytes(200).maxHeaders(6).maxBodyBytes(10));

    @RegisterExtension
    static final HttpTarget hasty = HttpTarget.with(o -> o.handshakeTimeout(SHORT).idleTimeout(SHORT));

    @RegisterExtension
    static final HttpTarget impatient = HttpTarget.with(o -> o.requestTimeout(SHORT));

    @RegisterExtension
    static final HttpTarget impatientOnLoop = HttpTarget.with(o -> o.requestTimeout(SHORT)).onLoop();

    /** Its idle timeout is long enough for a machine that is busy, and shorter than a body that drips takes. */
    @RegisterExtension
    static final HttpTarget idle = HttpTarget.with(o -> o.idleTimeout(Duration.ofMillis(1500)).requestTimeout(SHORT));

    // ---- sizes

    @Tag("W1")
    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource
    void takesARequestLineUpToItsLimit(Cut cut) throws IOException {
        String target = "/hello?" + "x".repeat(40 - "GET /hello? HTTP/1.1".length());
        assertThat(small.expectTaken(cut, get(target)).body()).isEqualTo("hello " + target);
        small.expectRefused(cut, get(target + "x"), 414);
        small.expectRefused(cut, RawClient.head("POST " + target + " HTTP/1.1", HOST), 414);
    }

    @Tag("W1")
    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource
    void takesHeadersUpToTheirLimit(Cut cut) throws IOException {
        String filler = "X: " + "x".repeat(200 - (HOST + "\r\n").length() - "X: \r\n".length());
        small.expectTaken(cut, get("/hello", filler));
        small.expectRefused(cut, get("/hello", filler + "x"), 431);
        small.expectTaken(cut, get("/hello", "a:", "b:", "c:", "d:", "e:"));
        small.expectRefused(cut, get("/hello", "a:", "b:", "c:", "d:", "e:", "f:"), 431);
    }

    /** A limit is each request's own, not the connection's. */
    @Tag("W1")
    @Tag("hostile-11")
    @Test
    void countsEachRequestAlone() throws IOException {
        try (RawClient client = small.connect()) {
            for (int i = 0; i < 50; i++) {
                client.send(RawClient.join(post("/echo", bytes("0123456789")), get("/hello", "a:", "b:", "c:", "d:", "e:")));
                assertThat(client.readResponse().body()).isEqualTo("0123456789");
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Tag("W2")
    @ParameterizedTest
    @EnumSource
    void takesABodyUpToItsLimit(Cut cut) throws IOException {
        assertThat(small.expectTaken(cut, post("/echo", bytes("0123456789"))).body()).isEqualTo("0123456789");
        assertThat(small.expectTaken(cut, HttpTarget.chunked("/echo", "9\r\n012345678\r\n1\r\n9\r\n0\r\n\r\n")).body()).isEqualTo("0123456789");
        assertThat(small.ask(post("/echo", bytes("0123456789!"))).status()).isEqualTo(413);
        assertThat(small.ask(HttpTarget.chunked("/echo", "9\r\n012345678\r\n2\r\n9!\r\n0\r\n\r\n")).status()).isEqualTo(413);
        assertThat(small.expectTaken(cut, post("/length", new byte[100])).body()).as("in pieces").isEqualTo("100");
    }

    /** Extensions are no way around the limits: what they add is bounded by what the body has. */
    @Tag("W2")
    @Tag("W3")
    @Test
    void boundsWhatChunksAdd() throws IOException {
        String chunk = "1;" + "x".repeat(180) + "\r\n.\r\n";
        try (RawClient client = small.connect();
                Sender sender = new Sender()) {
            sender.start(() -> {
                client.send(request("POST", "/length", "Transfer-Encoding: chunked"));
                for (int i = 0; i < 100_000; i++) { // 18 MB for 100 kB
                    client.send(bytes(chunk));
                }
            });
            assertThat(client.readResponse().status()).isIn(400, 413, 431);
            client.close();
            sender.expectOver();
        }
    }

    // ---- heads that don't come

    @Tag("W1")
    @Tag("hostile-12")
    @ParameterizedTest
    @ValueSource(strings = {"", "P", "POST /echo HTTP/1.1\r\n", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"})
    void closesAConnectionWhoseHeadDoesNotCome(String begun) throws IOException {
        try (RawClient client = hasty.connect()) {
            client.send(bytes(begun));
            assertThat(client.readRest()).isEmpty();
        }
    }

    /** Without a word, which the client would take for the answer to the request that it may be sending now. */
    @Tag("W1")
    @Tag("hostile-12")
    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET /hidden HTTP/1.1\r\nHost: a\r\n"})
    void closesAConnectionThatIsIdle(String begun) throws IOException {
        try (RawClient client = hasty.connect()) {
            client.send(RawClient.join(get("/hello"), post("/echo", bytes("hello")), bytes(begun)));
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readResponse().body()).isEqualTo("hello");
            assertThat(client.readRest()).isEmpty();
        }
    }

    // ---- bodies that don't come

    @Tag("W2")
    @Tag("hostile-12")
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\n\r\n",
        "Content-Length: 5\r\n\r\nhell",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    })
    void answersABodyThatStallsBy408(String rest) throws IOException {
        for (String path : new String[] {"/echo", "/length"}) {
            try (RawClient client = hasty.connect()) {
                client.send(bytes("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + rest));
                RawResponse response = client.readResponse();
                if (response.status() == 100) {
                    response = client.readResponse();
                }
                assertThat(response.status()).isEqualTo(408);
                assertThat(response.headers("Connection")).containsExactly("close");
                client.expectEnd();
            }
        }
    }

    /** As the handler sees it, which may answer otherwise. */
    @Tag("W2")
    @Test
    void tellsTheHandlerOfABodyThatStalls() throws IOException {
        Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
        hasty.site().route("/careful", request -> {
            try {
                return Response.of(200, request.bodyBytes());
            } catch (HttpStatusException e) {
                statuses.add(e.status());
                return Response.text(422, "too slow");
            }
        });
        try (RawClient client = hasty.connect()) {
            client.send(bytes("POST /careful HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell"));
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(422);
            client.expectEnd();
        }
        assertThat(statuses).containsExactly(408);
    }

    /** What is left of a body that nobody reads holds the connection for a while only. */
    @Tag("W2")
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\n\r\nhell", "Transfer-Encoding: chunked\r\n\r\n5\r\nhel"})
    void closesBehindABodyThatIsLeftAndStalls(String rest) throws IOException {
        try (RawClient client = hasty.connect()) {
            client.send(bytes("POST /leave HTTP/1.1\r\nHost: a\r\n" + rest));
            assertThat(client.readResponse().body()).isEqualTo("left");
            assertThat(client.readUntilEndOrReset()).isEmpty();
        }
    }

    /** Each byte that comes is progress; and while the body is on its way, no handler is late. */
    @Tag("W2")
    @Test
    void waitsForABodyThatDrips() throws IOException {
        try (RawClient client = idle.connect();
                Sender sender = new Sender()) {
            client.send(request("POST", "/echo", "Content-Length: 21"));
            sender.start(() -> {
                for (int i = 0; i < 21; i++) {
                    HttpTarget.awaiting().pollDelay(Duration.ofMillis(100)).until(() -> true);
                    client.send(bytes("x"));
                }
            });
            assertThat(client.readResponse().body()).isEqualTo("x".repeat(21));
            sender.expectDone();
        }
    }

    // ---- answers that don't come

    @Tag("W1")
    @Test
    void answersForAHandlerThatTakesTooLong() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        impatient.site().route("/slow", request -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return Response.text("late");
        });
        for (String method : new String[] {"GET", "POST"}) {
            try (RawClient client = impatient.connect()) {
                client.send(method.equals("GET") ? get("/slow") : post("/slow", bytes("hello")));
                assertThat(client.readResponse().status()).isEqualTo(503);
                expectNoMore(client);
            }
        }
        interrupted.await();
    }

    @Tag("W1")
    @Test
    void answersForAHandlerThatDoesNotComplete() throws IOException {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        Chunks chunks = Chunks.of("late");
        impatientOnLoop.site().route("/slow", HttpHandler.async(request -> answer));
        try (RawClient client = impatientOnLoop.connect()) {
            client.send(get("/slow"));
            assertThat(client.readResponse().status()).isEqualTo(503);
            answer.complete(Response.of(200, chunks));
            expectNoMore(client);
        }
    }

    /** Whether the connection goes on is the server's to choose; what comes late is no answer to anybody. */
    private static void expectNoMore(RawClient client) throws IOException {
        client.send(get("/hello"));
        client.endOutput();
        String rest = client.readUntilEndOrReset();
        assertThat(rest).doesNotContain("late");
        assertThat(rest.isEmpty() || rest.endsWith("hello /hello")).as(rest).isTrue();
    }

    /** "A response that has begun may take any time." */
    @Tag("W1")
    @Test
    void letsAResponseThatHasBegunTakeItsTime() throws IOException {
        impatient.site().route("/long", request -> Response.of(200, Chunks.of(2000, i -> new byte[10_000])));
        try (RawClient client = RawClient.connect(impatient.port(), 16 << 10)) {
            client.send(get("/long"));
            HttpTarget.awaiting().pollDelay(SHORT.multipliedBy(2)).until(() -> true); // while nothing is read
            assertThat(client.readResponse().bytes()).hasSize(20_000_000);
        }
    }
}
