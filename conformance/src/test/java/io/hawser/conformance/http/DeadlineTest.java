// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.post;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.HttpStatusException;
import io.hawser.Response;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The deadlines of a server's options, each made short. Asserted is what comes of it, not when. */
@Timeout(60)
class DeadlineTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    @RegisterExtension
    static final HttpTarget hasty = HttpTarget.with(o -> o.handshakeTimeout(Duration.ofMillis(900)).idleTimeout(SHORT));

    @RegisterExtension
    static final HttpTarget impatient = HttpTarget.with(o -> o.requestTimeout(SHORT));

    @RegisterExtension
    static final HttpTarget impatientOnLoop = HttpTarget.with(o -> o.requestTimeout(SHORT)).onLoop();

    /** Its timeouts are long enough for a machine that is busy, and shorter than a body that drips takes. */
    @RegisterExtension
    static final HttpTarget idle =
            HttpTarget.with(o -> o.idleTimeout(Duration.ofMillis(1500)).requestTimeout(Duration.ofMillis(1500)));

    // ---- heads that don't come

    @Tag("W1")
    @Tag("hostile-12")
    @ParameterizedTest
    @ValueSource(strings = {"", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"})
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
    @ValueSource(strings = {"", "GET /hidden HTTP/1.1\r\nHost: a\r\n"})
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
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    })
    void answersABodyThatStallsBy408(String rest) throws IOException {
        expectStalled("/echo", rest);
    }

    @Tag("W2")
    @Test
    void answersABodyThatStallsWhereItIsReadInPieces() throws IOException {
        expectStalled("/length", "Content-Length: 50000\r\n\r\n" + "x".repeat(20_000));
    }

    private static void expectStalled(String path, String rest) throws IOException {
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
    @Test
    void closesBehindABodyThatIsLeftAndStalls() throws IOException {
        try (RawClient client = hasty.connect()) {
            client.send(bytes("POST /leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"));
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
