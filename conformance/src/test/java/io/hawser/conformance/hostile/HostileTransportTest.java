// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hawser.BinaryMessage;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.Transport;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.conformance.raw.Sender;
import io.hawser.netty.LeakCheck;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ends of TCP, half of it, too early, too late, and answers to a client that is still sending; on every transport. Needs sockets: it is
 * about them.
 */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HostileTransportTest {
    private static final int ABNORMAL = 1006;

    /** Less than what a server drops before it closes. */
    private static final byte[] MORE = new byte[200 << 10];

    /** More than the kernel and a server that reads no more can have taken. */
    private static final long FLOOD_BYTES = 256 << 20;

    private static final Target TARGET = Target.with(o -> o.webSocket(w -> w.closeTimeout(Duration.ofMillis(500))));

    private static Stream<Transport> transports() {
        return Stream.of(Transport.NIO, Transport.EPOLL, Transport.IO_URING);
    }

    private static Stream<Arguments> transportsAndFaces() {
        return transports().flatMap(transport -> Stream.of(Face.values()).map(face -> Arguments.of(transport, face)));
    }

    /** How much of a frame a connection has received when its input ends. */
    private record Ending(String name, RawFrame frame, int bytes, boolean insideFrame) {
        static List<Ending> all() {
            RawFrame text = RawFrame.of(RawFrame.TEXT, "x".repeat(200));
            RawFrame fragment = RawFrame.first(RawFrame.TEXT, "x");
            return List.of(
                    new Ending("idle", text, 0, false),
                    new Ending("in the first byte", text, 1, true),
                    new Ending("in the length", text, 3, true),
                    new Ending("in the key", text, 6, true),
                    new Ending("behind the header", text, 8, true),
                    new Ending("in the payload", text, 100, true),
                    new Ending("between fragments", fragment, fragment.masked().length, false),
                    new Ending("in a close frame", RawFrame.close(1000), 7, true));
        }

        byte[] received() {
            return Arrays.copyOf(frame.masked(), bytes);
        }
    }

    private static void expectAbnormal(Watch watch, Face face, Ending ending) {
        assertThat(watch.how().status().code()).as("%s: %s", ending.name, watch.how()).isEqualTo(ABNORMAL);
        assertThat(watch.how().clean()).isFalse();
        assertThat(watch.delivered()).isZero();
        if (ending.insideFrame) {
            assertThat(watch.how().status().reason()).as("reason, %s", ending.name).contains("inside a frame");
        }
        if (face != Face.FRAMES) {
            assertThat(watch.failure()).isInstanceOf(WebSocketClosedException.class);
        }
    }

    @Tag("hostile-56")
    @Tag("C8")
    @Tag("F11")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndFaces")
    void endsAConnectionWhoseInputEndsWithoutAClose(Transport transport, Face face) throws IOException {
        try (Target target = TARGET.startOn(transport)) {
            for (Ending ending : Ending.all()) {
                for (Cut cut : List.of(Cut.WHOLE, Cut.BYTE_BY_BYTE)) {
                    try (RawClient client = target.open(face)) {
                        client.send(cut, ending.received());
                        client.endOutput();
                        client.expectEnd();
                    }
                    if (face != Face.EACH) {
                        expectAbnormal(target.watchUntilOver(), face, ending);
                    }
                    target.app().beginNextCase();
                }
            }
        }
    }

    @Tag("hostile-55")
    @Tag("C8")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndFaces")
    void endsAConnectionThatIsReset(Transport transport, Face face) throws IOException {
        try (Target target = TARGET.startOn(transport)) {
            for (Ending ending : Ending.all()) {
                RawClient client = target.open(face);
                client.send(RawFrame.of(RawFrame.TEXT, "hello"));
                client.expectEcho(RawFrame.TEXT, "hello".getBytes(StandardCharsets.UTF_8));
                client.send(ending.received());
                client.reset();
                if (face != Face.EACH) {
                    assertThat(target.watchUntilOver().how().status().code()).as(ending.name).isEqualTo(ABNORMAL);
                }
                target.app().beginNextCase();
            }
        }
    }

    /** Before the head, in it, behind the 101 with replies under way, while closing. */
    @Tag("hostile-55")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndFaces")
    void survivesResetsAtAnyTime(Transport transport, Face face) throws IOException {
        byte[] request = RawClient.upgrade(face.path());
        byte[] large = RawFrame.of(RawFrame.BINARY, "x".repeat(Target.MAX_BYTES)).masked();
        try (Target target = TARGET.startOn(transport)) {
            for (byte[] sent : List.of(
                    new byte[0],
                    Arrays.copyOf(request, 50),
                    request,
                    RawClient.join(request, large, large, large, large),
                    RawClient.join(request, large, Arrays.copyOf(large, 1000)),
                    RawClient.join(request, RawFrame.close(1000).masked()),
                    RawClient.join(request, RawFrame.of(3, "").masked(), large))) {
                RawClient client = target.connect();
                client.send(sent);
                client.reset();
            }
        }
    }

    /** The client has said all that it will, and still wants to hear the rest. */
    @Tag("hostile-56")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndFaces")
    void answersAClientThatHasEndedItsOutputBehindItsClose(Transport transport, Face face) throws IOException {
        try (Target target = TARGET.startOn(transport)) {
            for (Cut cut : Cut.values()) {
                try (RawClient client = target.open(face)) {
                    client.send(RawFrame.of(RawFrame.TEXT, "hello"));
                    client.expectEcho(RawFrame.TEXT, "hello".getBytes(StandardCharsets.UTF_8));
                    client.send(cut, RawFrame.close(1000));
                    client.endOutput();
                    client.expectCloseAnswer(RawFrame.close(1000));
                }
                if (face != Face.EACH) {
                    assertThat(target.watchUntilOver().how().clean()).isTrue();
                }
                target.app().beginNextCase();
            }
        }
    }

    /** Violations of every kind reach a client that goes on sending. */
    @Tag("C7")
    @Tag("L1")
    @Tag("M5")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("transportsAndFaces")
    void failsAConnectionWhoseClientIsStillSending(Transport transport, Face face) throws IOException {
        byte[] noUtf8 = new RawFrame(false, 0, RawFrame.TEXT, new byte[] {-1}).masked();
        byte[] tooBig = RawFrame.of(RawFrame.BINARY, "x".repeat(Target.MAX_BYTES + 1)).masked();
        try (Target target = TARGET.startOn(transport)) {
            for (int round = 0; round < 5; round++) {
                target.expectFailure(face, Cut.WHOLE, 1009, 0, tooBig, new byte[100 << 10]);
                target.expectFailure(face, Cut.WHOLE, 1007, 0, noUtf8, MORE);
                target.expectFailure(face, Cut.WHOLE, 1002, 0, RawFrame.of(3, "").masked(), MORE);
                target.expectFailure(face, Cut.SEED_300, 1002, 0, RawClient.join(RawFrame.of(3, "").masked(), MORE));
            }
        }
    }

    @Tag("hostile-11")
    @Tag("hostile-8")
    @ParameterizedTest
    @MethodSource("transports")
    void refusesARequestWhoseClientIsStillSending(Transport transport) throws IOException {
        for (Target started : List.of(TARGET, TARGET.onLoop())) {
            try (Target target = started.startOn(transport)) {
                for (int round = 0; round < 5; round++) {
                    expectRefused(target, 431, "X: " + "x".repeat(200 << 10));
                    expectRefused(target, 400, "X y: a\r\nX: " + "x".repeat(200 << 10));
                    expectRefused(target, 400, "Content-Length: 1000000\r\n\r\n" + "x".repeat(200 << 10));
                }
            }
        }
    }

    private static void expectRefused(Target target, int status, String more) throws IOException {
        for (Cut cut : List.of(Cut.WHOLE, Cut.SEED_300)) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.upgrade("/streams", more));
                RawResponse response = client.readResponse();
                assertThat(response.status()).as("%s", response).isEqualTo(status);
                assertThat(client.readRest()).isEmpty();
            }
        }
    }

    /** Behind the end of its output, a client gets what it has asked for before. */
    @Tag("hostile-56")
    @ParameterizedTest
    @MethodSource("transports")
    void answersRequestsBeforeAnEndOfInput(Transport transport) throws IOException {
        byte[] one = RawClient.head("GET /hello?1 HTTP/1.1", "Host: a");
        byte[] two = RawClient.head("GET /hello?2 HTTP/1.1", "Host: a");
        for (Target started : List.of(TARGET, TARGET.onLoop())) {
            try (Target target = started.startOn(transport)) {
                for (Cut cut : Cut.values()) {
                    try (RawClient client = target.connect()) {
                        client.send(cut, RawClient.join(one, two, Arrays.copyOf(one, 10)));
                        client.endOutput();
                        assertThat(client.readResponse().body()).isEqualTo("hello /hello?1");
                        assertThat(client.readResponse().body()).isEqualTo("hello /hello?2");
                        assertThat(client.readRest()).isEmpty();
                    }
                }
            }
        }
    }

    /** The slow are not cut short: all echoes come, though the close and the end of input are there long before. */
    @Tag("hostile-56")
    @Tag("C10")
    @ParameterizedTest
    @MethodSource("transports")
    void sendsAllRepliesBeforeItsCloseToASlowReader(Transport transport) throws Exception {
        byte[] payload = "x".repeat(Target.MAX_BYTES).getBytes(StandardCharsets.UTF_8);
        RawFrame frame = new RawFrame(true, 0, RawFrame.BINARY, payload);
        try (Target target = TARGET.startOn(transport)) {
            for (Face face : List.of(Face.EACH, Face.STREAMS, Face.FRAMES)) {
                try (RawClient client = RawClient.connect(target.port(), 16 << 10);
                        Sender sender = new Sender()) {
                    client.send(RawClient.upgrade(face.path()));
                    client.expectSwitched();
                    sender.start(() -> {
                        for (int i = 0; i < 100; i++) {
                            client.send(frame);
                        }
                        client.send(RawFrame.close(1000));
                        client.endOutput();
                    });
                    for (int i = 0; i < 100; i++) {
                        client.expectEcho(RawFrame.BINARY, payload);
                    }
                    client.expectCloseAnswer(RawFrame.close(1000));
                    sender.expectDone();
                }
            }
        }
    }

    /** The peer has ended its output, and each wait for it to read on is followed by another. */
    @Tag("hostile-56")
    @ParameterizedTest
    @MethodSource("transports")
    void sendsToAPeerThatOnlyReadsInSeveralBlockedRuns(Transport transport) throws Exception {
        byte[] large = "x".repeat(8 << 20).getBytes(StandardCharsets.UTF_8);
        Semaphore runs = new Semaphore(0);
        try (Target target = TARGET.startOn(transport)) {
            target.app().route("/runs", HttpHandler.webSocket(WebSocketHandler.direct(socket -> {
                Watch watch = target.app().watch(Face.DIRECT, socket);
                for (int run = 0; run < 3; run++) {
                    runs.acquire();
                    socket.sendAsync(BinaryMessage.wrap(large)).toCompletableFuture().join();
                }
                // What was held back is taken only now, so that the end of input is seen only now.
                socket.forEach(watch::message);
                watch.ended(null);
            })));
            try (RawClient client = target.open("/runs")) {
                byte[] messages = RawFrame.of(RawFrame.BINARY, "x".repeat(1000)).masked();
                for (int i = 0; i < 300; i++) {
                    client.send(messages);
                }
                client.send(RawFrame.close(1000));
                client.endOutput();
                for (int run = 0; run < 3; run++) {
                    runs.release();
                    client.expectEcho(RawFrame.BINARY, large);
                }
                client.expectCloseAnswer(RawFrame.close(1000));
            }
            assertThat(target.watchUntilOver().delivered()).isEqualTo(300);
        }
    }

    /** What is not asked for stays with the peer: its socket takes no more, however much it has to send. */
    @Tag("hostile-54")
    @Tag("M8")
    @ParameterizedTest
    @MethodSource("transports")
    void stopsReadingFromAPeerThatFloods(Transport transport) throws Exception {
        assumeFalse(Encryption.isOn(), "what the socket takes is asked of the socket itself");
        CountDownLatch flooded = new CountDownLatch(1);
        try (Target target = TARGET.startOn(transport)) {
            target.app().route("/nothing", HttpHandler.webSocket(WebSocketHandler.direct(socket -> {
                Watch watch = target.app().watch(Face.DIRECT, socket);
                flooded.await();
                socket.abort();
                watch.ended(null);
            })));
            try (SocketChannel client = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()))) {
                client.write(ByteBuffer.wrap(RawClient.upgrade("/nothing")));
                byte[] message = RawFrame.of(RawFrame.BINARY, "x".repeat(Target.MAX_BYTES)).masked();
                client.configureBlocking(false);
                assertThat(sendUntilItBlocks(client, ByteBuffer.wrap(message))).isLessThan(FLOOD_BYTES);
            } finally {
                flooded.countDown();
            }
        }
    }

    /** How many bytes a socket takes until it has taken none for a while, or that are too many. */
    private static long sendUntilItBlocks(SocketChannel client, ByteBuffer message) throws Exception {
        long total = 0;
        int refused = 0;
        while (refused < 100 && total < FLOOD_BYTES) {
            int taken = client.write(message);
            total += taken;
            if (!message.hasRemaining()) {
                message.rewind();
            }
            refused = taken > 0 ? 0 : refused + 1;
            if (taken == 0) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        return total;
    }

    /** The input has ended long before the handler takes what was held back in front of its end. */
    @Tag("hostile-54")
    @Tag("hostile-56")
    @ParameterizedTest
    @MethodSource("transports")
    void deliversWhatWasHeldBackWhenTheInputEnds(Transport transport) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (Target target = TARGET.startOn(transport)) {
            target.app().route("/held", HttpHandler.webSocket(WebSocketHandler.direct(socket -> {
                Watch watch = target.app().watch(Face.DIRECT, socket);
                release.await();
                try {
                    for (Message message : socket) {
                        watch.message(message);
                    }
                } catch (WebSocketClosedException e) {
                    watch.ended(e);
                }
            })));
            try (RawClient client = target.open("/held");
                    RawClient barrier = target.open(Face.EACH)) {
                byte[] messages = RawFrame.of(RawFrame.BINARY, "x".repeat(1000)).masked();
                for (int i = 0; i < 300; i++) {
                    client.send(messages);
                }
                client.endOutput();
                barrier.send(RawFrame.of(RawFrame.TEXT, "seen"));
                barrier.expectEcho(RawFrame.TEXT, "seen".getBytes(StandardCharsets.UTF_8));
                release.countDown();
                client.expectEnd();
            }
            Watch watch = target.watchUntilOver();
            assertThat(watch.delivered()).isEqualTo(300);
            assertThat(watch.how().status().code()).isEqualTo(ABNORMAL);
        } finally {
            release.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void runsOnTheTransportThatWasAskedFor(Transport transport) throws IOException {
        try (Target target = TARGET.startOn(transport)) {
            assertThat(target.server().transport()).isEqualTo(transport);
        }
    }
}
