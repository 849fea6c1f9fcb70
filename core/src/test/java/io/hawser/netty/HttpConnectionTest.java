// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static io.hawser.netty.HttpPeer.CLOSE;
import static io.hawser.netty.HttpPeer.HANDSHAKE;
import static io.hawser.netty.HttpPeer.IDLE;
import static io.hawser.netty.HttpPeer.NO_PROGRESS;
import static io.hawser.netty.HttpPeer.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Attribute;
import io.hawser.Connection;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.connection.LogLines;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection over a channel in memory, whose peer takes as much as a test lets it; what needs sockets is tested over them. */
@ExtendWith(LeakCheck.class)
class HttpConnectionTest {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String UPGRADE = get(
            "/socket",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13");

    private HttpPeer peer;

    @BeforeEach
    void open() {
        peer = HttpPeer.of(request -> CompletableFuture.completedStage(Response.text(200, "body of " + request.target())));
    }

    @AfterEach
    void close() {
        peer.end();
    }

    /** As many as fit into what the channel keeps at once. */
    @Test
    @Tag("W1")
    void takesNoMoreRequestsBeforeTheResponsesToTheLastHaveLeft() {
        peer.takesNothing();
        peer.sends(get("/0") + get("/1"));
        assertThat(peer.asked()).containsExactly("/0", "/1");
        assertThat(peer.config().isAutoRead()).isFalse();
        peer.sends(get("/2"));
        peer.takes(10);
        assertThat(peer.asked()).containsExactly("/0", "/1");
        peer.takesAll();
        assertThat(peer.asked()).containsExactly("/0", "/1", "/2");
        assertThat(peer.config().isAutoRead()).isTrue();
        assertThat(peer.taken()).containsSubsequence(OK, "body of /0", OK, "body of /1", OK, "body of /2");
    }

    @Test
    @Tag("W1")
    void givesAHandlerTimeBehindResponsesThatWereSlowToLeave() {
        CompletableFuture<Response> later = new CompletableFuture<>();
        peer.answers(request -> request.target().equals("/1") ? later : CompletableFuture.completedStage(Response.of(204)));
        peer.takesNothing();
        peer.sends(get("/0") + get("/1"));
        peer.takesAll();
        peer.waits(IDLE.plus(A_MINUTE));
        later.complete(Response.text("late"));
        peer.runPendingTasks();
        assertThat(peer.taken()).endsWith("late");
        assertThat(peer.isOpen()).isTrue();
    }

    @Test
    void upgradesBehindResponsesThatAreSlowToLeave() {
        CompletableFuture<Response> later = new CompletableFuture<>();
        AtomicReference<Request> upgrading = new AtomicReference<>();
        peer.answers(request -> {
            upgrading.set(request);
            return request.upgrade().isPresent() ? later : CompletableFuture.completedStage(Response.of(204));
        });
        peer.takesNothing();
        peer.sends(get("/0") + UPGRADE);
        later.complete(upgrading.get().upgrade().orElseThrow().accept(WebSocketHandler.each(message -> message)));
        peer.runPendingTasks();
        peer.takesAll();
        assertThat(peer.taken()).contains("HTTP/1.1 101 ").as("no close").endsWith("\r\n\r\n");
        assertThat(peer.isOutputShutdown()).isFalse();
    }

    @Test
    void takesNoRequestBeforeALargeResponseHasLeft() {
        String large = "x".repeat(100_000);
        peer.answers(request -> CompletableFuture.completedStage(Response.text(200, large)));
        peer.takesNothing();
        peer.sends(get("/0") + get("/1"));
        assertThat(peer.asked()).containsExactly("/0");
        assertThat(peer.config().isAutoRead()).isFalse();
        peer.takesAll();
        assertThat(peer.asked()).containsExactly("/0", "/1");
        assertThat(peer.config().isAutoRead()).isTrue();
    }

    /** Whether each response is accepted at once, or only later. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersPipelinedRequestsWithoutADeeperStack(boolean later) {
        int many = 500;
        Set<Long> depths = new HashSet<>();
        peer.answers(request -> {
            depths.add(StackWalker.getInstance().walk(Stream::count));
            return CompletableFuture.completedStage(Response.of(200));
        });
        if (later) {
            peer.takesNothing();
        }
        peer.sends(get("/x").repeat(many));
        peer.takesAll();
        assertThat(peer.asked()).hasSize(many);
        assertThat(peer.taken().split(OK, -1)).hasSize(many + 1);
        assertThat(depths).as("the first, those between, the last").hasSizeLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "close"})
    void closesWhenThePeerTakesNothing(String connection) {
        peer.takesNothing();
        peer.sends(get("/", "Connection: " + connection));
        peer.waits(NO_PROGRESS.minus(A_MINUTE));
        assertThat(peer.isOpen()).isTrue();
        peer.waits(A_MINUTE);
        assertThat(peer.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "close"})
    void waitsForAPeerThatTakesALittle(String connection) {
        peer.takesNothing();
        peer.sends(get("/", "Connection: " + connection));
        for (int i = 0; i < 20; i++) {
            peer.waits(NO_PROGRESS.minus(A_MINUTE));
            peer.takes(1);
            assertThat(peer.isOpen()).isTrue();
        }
        assertThat(peer.taken()).hasSize(20);
        peer.takesAll();
        Duration next = connection.equals("close") ? CLOSE : IDLE;
        assertThat(peer.isOutputShutdown()).isEqualTo(connection.equals("close"));
        peer.waits(next.minus(A_MINUTE));
        assertThat(peer.isOpen()).isTrue();
        peer.waits(A_MINUTE);
        assertThat(peer.isOpen()).isFalse();
        assertThat(peer.taken()).endsWith("body of /");
    }

    /** In a later response than the first, and in its middle. */
    @Test
    void closesWhenThePeerTakesNoMore() {
        peer.sends(get("/0"));
        peer.takesNothing();
        peer.sends(get("/1"));
        peer.waits(A_MINUTE);
        peer.takes(10);
        peer.waits(NO_PROGRESS);
        assertThat(peer.isOpen()).isTrue();
        peer.waits(NO_PROGRESS);
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    void closesAClientThatAsksNothingMore() {
        peer.sends(get("/0"));
        peer.waits(IDLE.minus(A_MINUTE));
        assertThat(peer.isOpen()).isTrue();
        peer.waits(A_MINUTE);
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    @Tag("hostile-12")
    void closesAClientWhoseHeadStalls() {
        peer.waits(A_MINUTE);
        peer.sends("GET");
        peer.waits(HANDSHAKE.minus(A_MINUTE));
        assertThat(peer.isOpen()).as("from the connection on, not from the first byte").isFalse();
    }

    @Test
    @Tag("hostile-12")
    void closesAClientWhoseNextHeadStalls() {
        peer.sends(get("/0"));
        peer.waits(IDLE.minus(A_MINUTE));
        peer.sends("GET");
        peer.waits(HANDSHAKE.minus(A_MINUTE));
        peer.sends(" ");
        assertThat(peer.isOpen()).as("from its first byte on").isTrue();
        peer.waits(A_MINUTE);
        assertThat(peer.isOpen()).as("no byte moves the deadline").isFalse();
    }

    @Test
    void answersAllThatCameBeforeTheEndOfInput() {
        peer.takesNothing();
        peer.sends(get("/0") + get("/1"));
        peer.endsInput();
        assertThat(peer.isOpen()).isTrue();
        peer.takesAll();
        assertThat(peer.taken()).containsSubsequence("body of /0", "body of /1");
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    void endsWithTheResponseThatIsLeavingWhenTheServerStops() {
        peer.takesNothing();
        peer.sends(get("/0"));
        peer.sends(get("/1"));
        HttpConnection.closeIdle(peer);
        assertThat(peer.isOpen()).isTrue();
        peer.takesAll();
        assertThat(peer.taken()).endsWith("body of /0");
        assertThat(peer.isOutputShutdown()).isTrue();
        peer.endsInput();
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    void closesAtOnceWhenTheServerStopsAndNothingIsLeaving() {
        peer.sends(get("/0") + "GET /1");
        HttpConnection.closeIdle(peer);
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    void refusesAnUpgradeWhoseOptionsFail() {
        WebSocketHandler handler = WebSocketHandler.each(message -> message).with(options -> {
            throw new IllegalStateException("an option is wrong");
        });
        peer.answers(request -> CompletableFuture.completedStage(request.upgrade().orElseThrow().accept(handler)));
        peer.sends(UPGRADE);
        assertThat(peer.taken()).startsWith("HTTP/1.1 500 ").endsWith("Internal Server Error");
        peer.answers(request -> CompletableFuture.completedStage(Response.text(200, "goes on")));
        peer.sends(get("/1"));
        assertThat(peer.taken()).endsWith("goes on");
    }

    @Test
    void refusesToAcceptTheUpgradeOfAnotherRequest() {
        AtomicReference<Response> before = new AtomicReference<>();
        peer.answers(request -> {
            before.set(request.upgrade().orElseThrow().accept(WebSocketHandler.each(message -> message)));
            return CompletableFuture.completedStage(Response.of(204));
        });
        peer.sends(UPGRADE);
        peer.answers(request -> CompletableFuture.completedStage(before.get()));
        peer.sends(UPGRADE.replace("dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA=="));
        assertThat(peer.taken()).contains("HTTP/1.1 204 ").contains("HTTP/1.1 500 ").doesNotContain("101");
    }

    @Test
    void givesTheConnectionWhatTheAcceptedRequestCarries() {
        Attribute<String> user = Attribute.of("user");
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        WebSocketHandler handler = WebSocketHandler.frames(channel -> {
            opened.complete(channel);
            return frame -> {};
        });
        peer.answers(request -> CompletableFuture.completedStage(
                request.with(user, "Ada").upgrade().orElseThrow().accept(handler)));
        peer.sends(UPGRADE);
        assertThat(opened.join().get(user)).contains("Ada");
        assertThat(opened.join().response().status()).isEqualTo(101);
        assertThat(opened.join().localAddress()).isEqualTo(peer.localAddress());
    }

    /** A body would be taken for the next response behind a HEAD, and is to come behind all else. */
    @Test
    void sendsTheReasonOfARefusalBehindAHead() {
        peer.sends("HEAD /0 HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(peer.taken()).contains("content-length: 10").endsWith("\r\n\r\n");
        peer.sends("GET /1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        assertThat(peer.taken()).contains("HTTP/1.1 400 ").endsWith("\r\n\r\na request has one Host");
    }

    @Test
    void tellsTheDateUnlessTheApplicationDoes() {
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        peer.sends(get("/0") + "GET /1 HTTP/1.1\r\n\r\n");
        List<String> dates = peer.taken().lines().filter(line -> line.startsWith("date: ")).toList();
        assertThat(dates).as("of an answer and of a refusal").hasSize(2).allSatisfy(line -> {
            assertThat(line).matches("date: [A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT");
            Instant told = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(line.substring("date: ".length())));
            assertThat(told).isBetween(before, Instant.now());
        });
    }

    @Test
    void leavesTheDateThatTheApplicationTells() {
        String date = "Tue, 15 Nov 1994 08:12:31 GMT";
        peer.answers(request -> CompletableFuture.completedStage(Response.of(200).withHeader("Date", date)));
        peer.sends(get("/"));
        assertThat(peer.taken()).containsOnlyOnce("Date: " + date).doesNotContain("date: ");
    }

    @Test
    @Tag("H4")
    void namesTheProtocolThatA426AsksFor() {
        peer.answers(request -> CompletableFuture.completedStage(request.upgradeRefusal()));
        peer.sends(UPGRADE.replace("Version: 13", "Version: 8"));
        assertThat(peer.taken())
                .startsWith("HTTP/1.1 426 ")
                .contains("upgrade: websocket\r\n", "connection: upgrade\r\n", "Sec-WebSocket-Version: 13\r\n")
                .doesNotContain("close");
        peer.sends(UPGRADE.replace("Version: 13", "Version: 8").replace("Connection: Upgrade", "Connection: Upgrade, close"));
        assertThat(peer.taken()).contains("connection: upgrade\r\nconnection: close\r\n");
    }

    @Test
    void closesWith1011WhereItsOwnCodeFailsBehindAnUpgrade() {
        peer.answers(request -> CompletableFuture.completedStage(
                request.upgrade().orElseThrow().accept(WebSocketHandler.each(message -> message))));
        peer.sends(UPGRADE);
        peer.pipeline().fireExceptionCaught(new OutOfMemoryError("no room for a payload"));
        peer.runPendingTasks();
        assertThat(peer.taken()).endsWith("\r\n\r\n\u0088\u0002\u0003\u00F3"); // close, two bytes: 1011
        assertThat(peer.isOutputShutdown()).isTrue();
    }

    @Test
    void closesWhereNoResponseCanBeWritten() {
        Path broken = (Path) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Path.class}, (path, method, arguments) -> {
            throw new IllegalStateException("as the test wants it");
        });
        peer.answers(request -> CompletableFuture.completedStage(Response.of(200).withBody(new Response.Body.FilePart(broken, 0, 1))));
        peer.sends(get("/"));
        assertThat(peer.isOpen()).as("else it would stand still for ever").isFalse();
    }

    @Test
    void tellsTheLogWhereItsOwnCodeFails() {
        LogLines log = new LogLines();
        peer.pipeline().fireExceptionCaught(new IllegalStateException("a fault, at tellsTheLog"));
        assertThat(peer.isOpen()).isFalse();
        assertThat(log.with("ERROR", "serving HTTP to")).hasSize(1);
        assertThat(log.with("a fault, at tellsTheLog")).isNotEmpty();
    }

    @Test
    void saysNothingToAClientThatHasGone() {
        CompletableFuture<Response> late = new CompletableFuture<>();
        peer.answers(request -> late);
        peer.sends(get("/"));
        peer.close();
        peer.runPendingTasks();
        late.completeExceptionally(new IllegalStateException("too late"));
        peer.runPendingTasks();
        peer.checkException();
        assertThat(peer.taken()).isEmpty();
        assertThat(peer.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
    }
}
