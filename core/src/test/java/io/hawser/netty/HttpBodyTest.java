// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static io.hawser.netty.HttpPeer.CLOSE;
import static io.hawser.netty.HttpPeer.IDLE;
import static io.hawser.netty.HttpPeer.REQUEST;
import static io.hawser.netty.HttpPeer.get;
import static io.hawser.netty.HttpPeer.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpStatusException;
import io.hawser.Request;
import io.hawser.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of requests' bodies, and of the connections that they come by. */
@ExtendWith(LeakCheck.class)
class HttpBodyTest {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String EXPECT = "Expect: 100-continue";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    private final Chunks chunks = new Chunks();
    private HttpPeer peer;

    @BeforeEach
    void open() {
        peer = HttpPeer.of(HttpBodyTest::echo);
    }

    @AfterEach
    void close() {
        peer.end();
    }

    private static CompletionStage<Response> echo(Request request) {
        return request.bodyBytesAsync(1 << 20).thenApply(body -> Response.text(200, "got <" + new String(body, StandardCharsets.UTF_8) + ">"));
    }

    private static String post(String target, String... lines) {
        return head("POST " + target, lines);
    }

    /** Leaves the body to {@link #chunks}, and answers when the returned stage completes. */
    private CompletableFuture<Response> readByHand() {
        CompletableFuture<Response> response = new CompletableFuture<>();
        peer.answers(request -> {
            request.body().subscribe(chunks);
            return response;
        });
        return response;
    }

    private void answerAtOnce() {
        peer.answers(request -> CompletableFuture.completedStage(Response.text(200, "answer to " + request.target())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\n\r\nhello", CHUNKED + "\r\n\r\n2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\nX: y\r\n\r\n"})
    @Tag("W1")
    void givesABodyHoweverItIsCut(String body) {
        String all = "POST /0 HTTP/1.1\r\nHost: a\r\n" + body + get("/1");
        for (int cut = 0; cut < all.length(); cut++) {
            peer.sends(all.substring(0, cut));
            peer.sends(all.substring(cut));
            assertThat(peer.taken()).as("cut at %d", cut).containsSubsequence("got <hello>", "got <>");
            assertThat(peer.asked()).containsExactly("/0", "/1");
            close();
            open();
        }
    }

    @Test
    @Tag("W1")
    void keepsRequestsBehindABodyInOrder() {
        peer.sends(post("/0", "Content-Length: 3") + "abc" + get("/1") + post("/2", CHUNKED) + "1\r\nd\r\n0\r\n\r\n" + get("/3"));
        assertThat(peer.taken()).containsSubsequence("got <abc>", "got <>", "got <d>", "got <>");
        assertThat(peer.asked()).containsExactly("/0", "/1", "/2", "/3");
    }

    @Test
    void readsNoMoreThanIsAskedFor() {
        readByHand();
        peer.sends(post("/", "Content-Length: 300000"));
        assertThat(peer.config().isAutoRead()).isTrue();
        peer.sends("x".repeat(200_000));
        assertThat(chunks.bytes).isZero();
        assertThat(peer.config().isAutoRead()).as("what nobody asked for waits").isFalse();
        chunks.request(1);
        assertThat(chunks.bytes).isEqualTo(64 << 10);
        assertThat(peer.config().isAutoRead()).isFalse();
        chunks.request(10);
        assertThat(chunks.bytes).isEqualTo(200_000);
        assertThat(peer.config().isAutoRead()).as("more is wanted than has come").isTrue();
        peer.sends("x".repeat(100_000));
        assertThat(chunks.bytes).isEqualTo(300_000);
        assertThat(chunks.completed).isTrue();
    }

    @Test
    @Tag("W1")
    void leavesTheBodyReadableUntilTheResponseHasLeft() {
        CompletableFuture<Response> response = readByHand();
        peer.sends(post("/0", "Content-Length: 10") + "01234");
        chunks.request(Long.MAX_VALUE);
        peer.takesNothing();
        response.complete(Response.text(200, "early"));
        peer.sends("567");
        assertThat(chunks.bytes).isEqualTo(8);
        peer.takesAll();
        assertThat(chunks.failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("response has been sent");
        answerAtOnce();
        peer.sends("89" + get("/1"));
        assertThat(peer.taken()).containsSubsequence("early", "answer to /1").doesNotContain("close");
    }

    @Test
    @Tag("W1")
    void streamsABodyBackInChunks() {
        peer.answers(request -> CompletableFuture.completedStage(Response.of(200, request.body())));
        peer.sends(post("/0", "Content-Length: 10") + "01234");
        peer.sends("56789" + get("/1"));
        assertThat(peer.taken()).containsSubsequence("5\r\n01234\r\n", "5\r\n56789\r\n", "0\r\n\r\n", "0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5})
    @Tag("W1")
    void streamsABodyBack(int there) {
        peer.answers(request -> CompletableFuture.completedStage(Response.of(200, request.body(), 5)));
        peer.sends(post("/0", "Content-Length: 5") + "hello".substring(0, there));
        peer.sends("hello".substring(there));
        answerAtOnce();
        peer.sends(get("/1"));
        assertThat(peer.taken()).contains("\r\n\r\nhelloHTTP/1.1 200 OK").endsWith("answer to /1");
    }

    @Test
    @Tag("W2")
    void closesBehindAnAnswerThatAClientGotInPlaceOf100() {
        CompletableFuture<Response> response = readByHand();
        peer.sends(post("/0", "Content-Length: 5", EXPECT));
        response.complete(Response.text(403, "no"));
        peer.runPendingTasks();
        assertThat(peer.taken()).startsWith("HTTP/1.1 403 ").contains("connection: close");
    }

    // ---- what the application leaves

    @Test
    @Tag("W2")
    void dropsABodyThatIsNotRead() {
        answerAtOnce();
        peer.sends(post("/0", "Content-Length: 200000"));
        assertThat(peer.taken()).endsWith("answer to /0").doesNotContain("close");
        peer.sends("x".repeat(150_000));
        peer.sends("x".repeat(50_000) + get("/1"));
        assertThat(peer.taken()).endsWith("answer to /1");
    }

    @Test
    @Tag("W2")
    void closesWhereTheRestIsKnownToBeTooMuch() {
        answerAtOnce();
        peer.sends(post("/0", "Content-Length: 300000"));
        assertThat(peer.taken()).contains("connection: close\r\n").endsWith("answer to /0");
        assertThat(peer.isOutputShutdown()).isTrue();
        assertThat(peer.isOpen()).as("for the client to read the answer").isTrue();
        peer.sends(get("/1"));
        assertThat(peer.asked()).containsExactly("/0");
        peer.waits(CLOSE);
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    @Tag("W2")
    void closesWhereTheRestTurnsOutToBeTooMuch() {
        answerAtOnce();
        peer.sends(post("/0", CHUNKED));
        assertThat(peer.taken()).endsWith("answer to /0").doesNotContain("close");
        for (int i = 0; i < 4; i++) {
            assertThat(peer.isOutputShutdown()).isFalse();
            peer.sends("FFFF\r\n" + "x".repeat(0xFFFF) + "\r\n");
        }
        peer.sends("FFFF\r\nx");
        assertThat(peer.isOutputShutdown()).isTrue();
    }

    @Test
    @Tag("W2")
    void closesWhereTheRestTakesTooLong() {
        answerAtOnce();
        peer.sends(post("/0", "Content-Length: 5") + "1");
        peer.waits(CLOSE.minus(A_MINUTE));
        peer.sends("2");
        assertThat(peer.isOutputShutdown()).isFalse();
        peer.waits(A_MINUTE);
        assertThat(peer.isOutputShutdown()).isTrue();
        peer.waits(CLOSE);
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    @Tag("W2")
    void refusesAtOnceWhatIsAnnouncedAsTooLarge() {
        peer.answers(request -> request.bodyBytesAsync(4).thenApply(body -> Response.of(204)));
        peer.sends(post("/0", "Content-Length: 5"));
        assertThat(peer.taken()).startsWith("HTTP/1.1 413 ").endsWith("the body is larger than 4 bytes");
        peer.sends("12345" + post("/1", CHUNKED) + "5\r\n12345\r\n0\r\n\r\n");
        assertThat(peer.taken().split("HTTP/1.1 413 ", -1)).hasSize(3);
    }

    // ---- what is malformed, breaks off or stalls

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("W3")
    @Tag("hostile-14")
    void refusesAMalformedBody(boolean isRead) {
        if (isRead) {
            readByHand();
        } else {
            peer.answers(request -> new CompletableFuture<>());
        }
        peer.sends(post("/0", CHUNKED) + "1\r\na\r\n");
        chunks.request(Long.MAX_VALUE);
        peer.sends("nonsense\r\n" + get("/1"));
        if (!isRead) {
            assertThat(peer.taken()).as("nobody has looked").isEmpty();
            return;
        }
        assertThat(chunks.failure).isInstanceOfSatisfying(HttpStatusException.class, e -> assertThat(e.status()).isEqualTo(400));
        assertThat(peer.taken()).startsWith("HTTP/1.1 400 ").contains("connection: close");
        assertThat(peer.asked()).containsExactly("/0");
        assertThat(peer.isOutputShutdown()).isTrue();
    }

    @Test
    @Tag("W3")
    @Tag("hostile-14")
    void saysThatNothingFollowsAMalformedBody() {
        peer.sends(post("/0", CHUNKED));
        peer.sends("1\r\nab" + get("/1"));
        assertThat(peer.taken()).startsWith("HTTP/1.1 400 ").contains("connection: close");
        assertThat(peer.asked()).containsExactly("/0");
    }

    @Test
    @Tag("W3")
    @Tag("hostile-14")
    void refusesInPlaceOfTheAnswerWhatTurnsOutToBeMalformed() {
        CompletableFuture<Response> response = new CompletableFuture<>();
        peer.answers(request -> response);
        peer.sends(post("/0", CHUNKED) + "1\r\na\r\nnonsense\r\n" + get("/1"));
        response.complete(Response.text(200, "answer"));
        assertThat(peer.taken()).startsWith("HTTP/1.1 400 ").doesNotContain("answer");
        assertThat(peer.asked()).containsExactly("/0");
    }

    @Test
    @Tag("W3")
    @Tag("hostile-14")
    void takesNothingBehindAMalformedBodyForARequest() {
        answerAtOnce();
        peer.sends(post("/0", CHUNKED));
        assertThat(peer.taken()).endsWith("answer to /0");
        peer.sends("0x0\r\n\r\n" + get("/1"));
        assertThat(peer.asked()).containsExactly("/0");
        assertThat(peer.isOutputShutdown()).isTrue();
    }

    @Test
    void failsABodyThatBreaksOff() {
        peer.sends(post("/0", "Content-Length: 5") + "1");
        peer.endsInput();
        assertThat(peer.taken()).startsWith("HTTP/1.1 400 ").contains("connection: close").endsWith("the body broke off");
        assertThat(peer.isOpen()).isFalse();
    }

    /** The end is noticed while something of the body still waits for demand. */
    @Test
    void givesWhatCameBeforeTheEnd() {
        readByHand();
        peer.sends(post("/0", "Content-Length: 5") + "123");
        peer.endsInput();
        assertThat(chunks.failure).isNull();
        chunks.request(2);
        assertThat(chunks.bytes).isEqualTo(3);
        assertThat(chunks.failure).isInstanceOf(HttpStatusException.class).hasMessage("the body broke off");
    }

    @Test
    void failsABodyWhoseConnectionIsLost() {
        readByHand();
        peer.sends(post("/0", "Content-Length: 5") + "1");
        chunks.request(2);
        peer.close();
        peer.runPendingTasks();
        assertThat(chunks.failure).isInstanceOf(HttpStatusException.class);
        assertThat(peer.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
    }

    @Test
    void failsABodyThatDoesNotGoOn() {
        peer.sends(post("/0", "Content-Length: 5"));
        for (int i = 0; i < 3; i++) {
            peer.waits(IDLE.minus(A_MINUTE));
            peer.sends("1");
        }
        peer.waits(IDLE.minus(A_MINUTE));
        assertThat(peer.taken()).isEmpty();
        peer.waits(A_MINUTE);
        assertThat(peer.taken()).startsWith("HTTP/1.1 408 ").contains("connection: close");
        assertThat(peer.isOutputShutdown()).isTrue();
    }

    /** As long as nobody waits for it, it is not the client that is slow. */
    @Test
    void waitsForABodyOnlyWhileItIsWanted() {
        readByHand();
        peer.sends(post("/0", "Content-Length: 5") + "1");
        chunks.request(1);
        peer.waits(IDLE.plus(A_MINUTE));
        assertThat(chunks.failure).isNull();
    }

    /** A client that sends slowly does not use up the handler's time. */
    @Test
    void givesAHandlerItsTimeFromTheEndOfTheBodyOn() {
        peer.answers(request -> request.bodyBytesAsync(100).thenCompose(body -> new CompletableFuture<>()));
        peer.sends(post("/0", "Content-Length: 4"));
        for (int i = 0; i < 4; i++) {
            peer.waits(IDLE.minus(A_MINUTE));
            peer.sends("x");
        }
        peer.waits(REQUEST.minus(A_MINUTE));
        assertThat(peer.taken()).isEmpty();
        peer.waits(A_MINUTE);
        assertThat(peer.taken()).startsWith("HTTP/1.1 503 ").endsWith("the request took too long");
        answerAtOnce();
        peer.sends(get("/1"));
        assertThat(peer.taken()).endsWith("answer to /1");
    }

    /** It may come long behind the last of the body. */
    @Test
    void givesAHandlerItsTimeFromTheLastChunkOn() {
        peer.answers(request -> request.bodyBytesAsync(100).thenCompose(body -> new CompletableFuture<>()));
        peer.sends(post("/0", CHUNKED));
        for (int i = 0; i < 4; i++) {
            peer.sends("1\r\nx\r\n");
            peer.waits(IDLE.minus(A_MINUTE));
        }
        peer.sends("0\r\n\r\n");
        peer.waits(REQUEST.minus(A_MINUTE));
        assertThat(peer.taken()).isEmpty();
        peer.waits(A_MINUTE);
        assertThat(peer.taken()).startsWith("HTTP/1.1 503 ");
    }

    // ---- 100-continue

    @Test
    @Tag("W1")
    void tellsAClientToContinueWhenTheBodyIsWanted() {
        CompletableFuture<Response> response = readByHand();
        peer.sends(post("/0", "Content-Length: 5", EXPECT));
        assertThat(peer.taken()).isEmpty();
        chunks.request(1);
        assertThat(peer.taken()).isEqualTo(CONTINUE);
        chunks.request(1);
        peer.sends("hello");
        response.complete(Response.text(200, "thanks"));
        answerAtOnce();
        peer.sends(get("/1"));
        assertThat(peer.taken()).startsWith(CONTINUE + "HTTP/1.1 200 ").containsSubsequence("thanks", "answer to /1");
    }

    @Test
    @Tag("W1")
    void closesWhereTheResponseIsThereBeforeTheBodyThatWaits() {
        answerAtOnce();
        peer.sends(post("/0", "Content-Length: 5", EXPECT));
        assertThat(peer.taken()).startsWith("HTTP/1.1 200 ").contains("connection: close");
        peer.sends(get("/1"));
        assertThat(peer.asked()).containsExactly("/0");
    }

    @Test
    @Tag("W1")
    void goesOnWhereTheBodyHasNotWaited() {
        answerAtOnce();
        peer.sends(post("/0", "Content-Length: 5", EXPECT) + "hello" + get("/1"));
        assertThat(peer.taken()).doesNotContain("100 Continue", "close").containsSubsequence("answer to /0", "answer to /1");
        peer.answers(HttpBodyTest::echo);
        peer.sends(post("/2", "Content-Length: 5", EXPECT) + "hello" + get("/3"));
        assertThat(peer.taken()).doesNotContain("100 Continue", "close").containsSubsequence("got <hello>", "got <>");
    }

    @Test
    @Tag("W1")
    void meetsNoOtherExpectation() {
        peer.sends(post("/0", "Content-Length: 5", "Expect: 200-ok"));
        assertThat(peer.taken()).startsWith("HTTP/1.1 417 ").contains("connection: close");
        assertThat(peer.asked()).isEmpty();
    }

    @Test
    @Tag("W1")
    void ignoresExpectationsWhereTheyMeanNothing() {
        peer.sends(get("/0", EXPECT));
        peer.sends("POST /1 HTTP/1.0\r\nExpect: 100-continue\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n");
        peer.sends("a" + get("/2"));
        assertThat(peer.taken()).doesNotContain("100 Continue").containsSubsequence("got <>", "got <a>", "got <>");
        assertThat(peer.asked()).containsExactly("/0", "/1", "/2");
    }

    @Test
    @Tag("W1")
    void keepsAConnectionOfHttp10IfAsked() {
        peer.sends("GET /0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(peer.taken()).contains("connection: keep-alive\r\n");
        peer.sends("GET /1 HTTP/1.0\r\n\r\n");
        assertThat(peer.asked()).containsExactly("/0", "/1");
        assertThat(peer.isOutputShutdown()).isTrue();
    }

    @Test
    @Tag("hostile-8")
    void dropsTheBodyOfAnUpgradeAndCloses() {
        CompletableFuture<Response> response = new CompletableFuture<>();
        peer.answers(request -> response);
        String upgrade = post("/", "Upgrade: websocket", "Connection: Upgrade", "Content-Length: 100000");
        peer.sends(upgrade + "x".repeat(50_000));
        assertThat(peer.config().isAutoRead()).as("nothing is kept").isTrue();
        response.complete(Response.of(400));
        assertThat(peer.taken()).startsWith("HTTP/1.1 400 ").contains("connection: close");
    }
}
