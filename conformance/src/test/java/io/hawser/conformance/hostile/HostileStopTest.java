// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.Sender;
import io.hawser.netty.LeakCheck;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that stop while they are used. Each test stops its own. */
@Tag("hostile-63")
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HostileStopTest {
    private static final int GOING_AWAY = 1001;
    private static final int MANY = 100;

    /** So long that a test which waits for it fails by its hang guard. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private static Stream<Arguments> transportsAndFaces() {
        return Stream.of(Transport.NIO, Transport.EPOLL, Transport.IO_URING)
                .flatMap(transport -> Stream.of(Face.values()).map(face -> Arguments.of(transport, face)));
    }

    private static Target start(Transport transport, Duration grace) throws IOException {
        return Target.with(o -> o.grace(grace).webSocket(w -> w.closeTimeout(LONG))).startOn(transport);
    }

    private static void expectGoingAway(RawClient client) throws IOException {
        RawFrame close = client.read();
        assertThat(close.closeCode()).as("%s", close).hasValue(GOING_AWAY);
    }

    /** Stopped on a thread of its own, as peers must answer meanwhile. */
    private static Sender stopping(Target target) {
        Sender stopping = new Sender();
        stopping.start(() -> target.server().close());
        return stopping;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndFaces")
    void closesConnectionsWith1001AndReturnsWhenTheyHaveAnswered(Transport transport, Face face) throws IOException {
        Target target = start(transport, LONG);
        target.farewell();
        try (RawClient client = target.open(face);
                RawClient idle = target.connect();
                RawClient kept = target.connect();
                RawClient begun = target.connect()) {
            client.send(RawFrame.of(RawFrame.TEXT, "accepted"));
            client.expectEcho(RawFrame.TEXT, "accepted".getBytes(StandardCharsets.UTF_8));
            kept.send(RawClient.head("GET /hello HTTP/1.1", "Host: a"));
            assertThat(kept.readResponse().status()).isEqualTo(200);
            begun.send("GET /hel".getBytes(StandardCharsets.UTF_8));
            try (Sender stopping = stopping(target)) {
                expectGoingAway(client);
                client.send(RawFrame.close(GOING_AWAY));
                client.expectEnd();
                client.close(); // which the server waits for
                assertThat(idle.readRest()).isEmpty();
                assertThat(kept.readRest()).isEmpty();
                assertThat(begun.readUntilEndOrReset()).isEmpty();
                stopping.expectDone();
            }
        }
        target.server().close();
        if (face != Face.EACH) {
            assertThat(target.watchUntilOver().how().clean()).isTrue();
        }
        assertThatThrownBy(target::connect).isInstanceOf(ConnectException.class);
    }

    /** Needs sockets: each transport has its own way to end those that are left, and a peer that does not answer has no engine. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndFaces")
    void cutsConnectionsThatDoNotAnswerWithinTheGrace(Transport transport, Face face) throws IOException {
        Target target = start(transport, Duration.ofMillis(200));
        try (RawClient client = target.open(face)) {
            target.server().close();
            expectGoingAway(client);
            client.expectEnd();
        }
        target.server().close();
        if (face != Face.EACH) {
            assertThat(target.watchUntilOver().how().clean()).isFalse();
        }
        target.farewell();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void interruptsHandlersBehindTheGrace(Transport transport) throws IOException {
        Target target = start(transport, Duration.ofMillis(200));
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        target.app().route("/waits", HttpHandler.webSocket(WebSocketHandler.direct(socket -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                thrown.complete(e);
            }
        })));
        try (RawClient client = target.open("/waits")) {
            target.server().close();
            expectGoingAway(client);
            client.expectEnd();
        }
        assertThat(thrown).succeedsWithin(Target.HANG_GUARD).isInstanceOf(InterruptedException.class);
        target.farewell();
    }

    /** Whoever stops it a second time waits for the first. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void stopsOnceThoughItIsStoppedByMany(Transport transport) throws IOException {
        Target target = start(transport, LONG);
        target.farewell();
        try (RawClient client = target.open(Face.STREAMS);
                Sender one = stopping(target);
                Sender two = stopping(target)) {
            client.expectClosedBy(GOING_AWAY);
            client.close();
            one.expectDone();
            two.expectDone();
        }
        target.server().close();
    }

    /** A message that has come is dealt with, and its answer leaves in front of the close. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndFaces")
    void answersWhatItHasAcceptedFirst(Transport transport, Face face) throws IOException {
        Target target = start(transport, LONG);
        target.farewell();
        try (RawClient client = target.open(face)) {
            RawFrame[] frames = new RawFrame[MANY];
            Arrays.fill(frames, RawFrame.of(RawFrame.TEXT, "accepted"));
            client.send(frames);
            client.expectEcho(RawFrame.TEXT, "accepted".getBytes(StandardCharsets.UTF_8));
            try (Sender stopping = stopping(target)) {
                RawFrame frame = client.read();
                while (frame.opcode() == RawFrame.TEXT) {
                    frame = client.read();
                }
                assertThat(frame.closeCode()).hasValue(GOING_AWAY);
                client.send(RawFrame.close(GOING_AWAY));
                client.expectEnd();
                client.close();
                stopping.expectDone();
            }
        }
        switch (face) {
            case EACH -> {}
            case STREAMS, FRAMES -> assertThat(target.watchUntilOver().delivered()).isEqualTo(MANY);
            // On a thread of its own it is told by its next send that the connection closes.
            case DIRECT -> assertThat(target.watchUntilOver().delivered()).isBetween(1, MANY);
        }
    }

    /** The answer is under way when the server stops: a page leaves, an upgrade is closed at once. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void finishesRequestsThatAreBeingAnswered(Transport transport) throws IOException {
        Target target = start(transport, LONG);
        target.farewell();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(2);
        target.app().route("/page", request -> {
            both.countDown();
            release.await();
            return Response.text(200, "late");
        });
        target.app().route("/late", request -> {
            both.countDown();
            release.await();
            return request.upgrade().orElseThrow().accept(target.app().echo(Face.STREAMS));
        });
        try (RawClient page = target.connect();
                RawClient late = target.connect();
                RawClient open = target.open(Face.EACH)) {
            page.send(RawClient.head("GET /page HTTP/1.1", "Host: a"));
            late.send(RawClient.upgrade("/late"));
            Target.awaiting().until(() -> both.getCount() == 0);
            try (Sender stopping = stopping(target)) {
                open.expectClosedBy(GOING_AWAY); // so it is stopping
                open.close();
                release.countDown();
                assertThat(page.readResponse().body()).isEqualTo("late");
                assertThat(page.readRest()).isEmpty();
                page.close();
                late.expectSwitched();
                late.expectClosedBy(GOING_AWAY);
                late.close();
                stopping.expectDone();
            }
        }
    }
}
