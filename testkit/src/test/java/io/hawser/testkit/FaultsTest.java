// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.connection.EchoFace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of faults on the real engine, at the server in each face and at the client. */
@Tag("X4")
class FaultsTest {
    private static HawserTest test(EchoFace face) {
        return HawserTest.of(face.handler());
    }

    private static WebSocket connect(HawserTest test) {
        return test.client().connect(test.uri("/"));
    }

    private static Closed closed(HawserTest test, Connection connection) {
        test.settle();
        assertThat(connection.closed()).isCompleted();
        return connection.closed().toCompletableFuture().join();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-55")
    void aResetEndsBothSidesAbnormally(EchoFace face) {
        try (HawserTest test = test(face);
                WebSocket socket = connect(test)) {
            socket.send("Ahoy");
            test.toServer(socket).reset();
            Closed how = closed(test, socket);
            assertThat(how.status().code()).isEqualTo(1006);
            assertThat(how.clean()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-56")
    void anEndWithoutACloseFrameIsAbnormal(EchoFace face) {
        try (HawserTest test = test(face);
                WebSocket socket = connect(test)) {
            test.toClient(socket).end();
            assertThat(closed(test, socket).status().code()).isEqualTo(1006);
            test.settle();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-57")
    void keepAliveNoticesSilenceWithin40Seconds(EchoFace face) {
        try (HawserTest test = test(face);
                WebSocket socket = connect(test)) {
            test.toServer(socket).silence();
            test.toClient(socket).silence();
            test.advance(Duration.ofMillis(39_999));
            assertThat(socket.closed()).isNotDone();
            test.advance(Duration.ofMillis(1));
            assertThat(closed(test, socket).status().code()).isEqualTo(1006);
        }
    }

    @Test
    void silenceThatIsOverInTimeLosesNothing() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = connect(test)) {
            Faults toServer = test.toServer(socket).silence();
            socket.send("late");
            assertThat(socket.receive(Duration.ofSeconds(30))).isEmpty();
            toServer.restore();
            assertThat(socket.receive().text()).isEqualTo("late");
        }
    }

    @Test
    @Tag("hostile-41")
    void theCloseDeadlineEndsWhatIsNotAnswered() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = test.client().connect(test.uri("/"), o -> o.webSocket(w -> w.closeTimeout(Duration.ofSeconds(7))))) {
            test.toServer(socket).silence();
            Duration before = test.elapsed();
            Closed how = socket.close(1000, "");
            assertThat(how.clean()).isFalse();
            assertThat(test.elapsed().minus(before)).isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    @Tag("hostile-43")
    void noProgressAgainstAShutWindowEndsTheConnection() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = connect(test)) {
            test.toServer(socket).window(0);
            socket.sendAsync(TextMessage.of("never leaves"));
            test.advance(Duration.ofMillis(29_999));
            assertThat(socket.closed()).isNotDone();
            test.advance(Duration.ofMillis(1));
            assertThat(closed(test, socket).status().code()).isEqualTo(1006);
        }
    }

    @Test
    void aWindowThatReopensLetsGoOn() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = connect(test)) {
            Faults toServer = test.toServer(socket).window(0);
            socket.sendAsync(TextMessage.of("waits"));
            test.advance(Duration.ofSeconds(29));
            toServer.openWindow();
            assertThat(socket.receive().text()).isEqualTo("waits");
        }
    }

    @Test
    @Tag("hostile-54")
    void aReceiverThatStopsReadingHoldsTheSenderBack() {
        try (HawserTest test = test(EchoFace.FRAMES);
                WebSocket socket = connect(test)) {
            Faults toServer = test.toServer(socket).pause();
            CompletableFuture<Void> sent =
                    socket.sendAsync(BinaryMessage.of(new byte[300_000])).toCompletableFuture();
            test.advance(Duration.ofSeconds(15));
            assertThat(sent).isNotDone();
            toServer.resume();
            assertThat(socket.receive().data().remaining()).isEqualTo(300_000);
            assertThat(sent).isCompleted();
        }
    }

    @Test
    @Tag("hostile-18")
    void aCorruptByteIsFoundOut() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = connect(test)) {
            test.toServer(socket).corruptNext(0x40);
            socket.send("Ahoy");
            assertThat(closed(test, socket).status().code()).isEqualTo(1002);
        }
    }

    @Test
    @Tag("hostile-25")
    void corruptTextIsFoundOut() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = connect(test)) {
            Faults toServer = test.toServer(socket);
            toServer.corrupt(toServer.position() + 6, 0x80); // head and key are 6 bytes
            socket.send("Ahoy");
            assertThat(closed(test, socket).status().code()).isEqualTo(1007);
        }
    }

    @Test
    void whatWasDroppedIsMissed() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = connect(test)) {
            test.toServer(socket).drop(10);
            socket.send("Ahoy"); // all its 10 bytes
            assertThat(socket.receive(Duration.ofSeconds(1))).isEmpty();
            socket.send("there");
            assertThat(socket.receive().text()).isEqualTo("there");
        }
    }

    @Test
    void aDelayIsSeenInTheRoundTrip() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = connect(test)) {
            test.toServer(socket).delay(Duration.ofMillis(30));
            test.toClient(socket).delay(Duration.ofMillis(50));
            assertThat(socket.ping()).isEqualTo(Duration.ofMillis(80));
        }
    }

    static Stream<Arguments> everyFaceAndCut() {
        List<Arguments> all = new ArrayList<>();
        for (EchoFace face : EchoFace.values()) {
            all.add(Arguments.of(face, "byte by byte", preparation((toServer, toClient) -> {
                toServer.split(1, 1);
                toClient.split(1, 1);
            })));
            all.add(Arguments.of(face, "late by chance", preparation((toServer, toClient) -> {
                toServer.split(3, 7).delay(4, Duration.ZERO, Duration.ofMillis(100));
                toClient.split(5, 7).delay(6, Duration.ZERO, Duration.ofMillis(100));
            })));
        }
        return all.stream();
    }

    private static BiConsumer<Faults, Faults> preparation(BiConsumer<Faults, Faults> of) {
        return of;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyFaceAndCut")
    void messagesAreTheSameHoweverBytesAreCut(EchoFace face, String how, BiConsumer<Faults, Faults> preparation) {
        assertThat(conversation(face, preparation)).as(how).containsExactly("Ahoy", "", "é€😀", "x".repeat(200));
    }

    @Test
    void messagesAreTheSameAtEverySplit() {
        for (int position = 0; position < 250; position++) {
            long at = position;
            assertThat(conversation(EchoFace.DIRECT, (toServer, toClient) -> {
                toServer.splitAt(at);
                toClient.splitAt(at);
            })).as("split at %d", at).containsExactly("Ahoy", "", "é€😀", "x".repeat(200));
        }
    }

    private List<String> conversation(EchoFace face, BiConsumer<Faults, Faults> preparation) {
        try (HawserTest test = HawserTest.of(face.handler(), o -> o.everyConnection(preparation));
                WebSocket socket = connect(test)) {
            List<String> came = new ArrayList<>();
            for (String text : List.of("Ahoy", "", "é€😀", "x".repeat(200))) {
                socket.send(text);
                Message answer = socket.receive();
                came.add(answer.text());
            }
            assertThat(socket.close(1000, "").clean()).isTrue();
            return came;
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        try (HawserTest test = test(EchoFace.DIRECT);
                WebSocket socket = connect(test)) {
            Faults toServer = test.toServer(socket);
            assertThatThrownBy(() -> toServer.splitAt(3, -1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
            assertThatThrownBy(() -> toServer.split(1, 0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0");
            assertThatThrownBy(() -> toServer.delay(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> toServer.delay(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT1S");
            assertThatCode(() -> toServer.delay(Duration.ofSeconds(Long.MAX_VALUE))).doesNotThrowAnyException(); // as long as time goes
            assertThatThrownBy(() -> toServer.drop(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
            assertThatThrownBy(() -> toServer.window(-5)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-5");
            assertThatThrownBy(() -> toServer.corrupt(9, 256)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("256");
            socket.send("Ahoy");
            assertThatThrownBy(() -> toServer.corrupt(1, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sent already");
        }
    }

    @Test
    void saysThatAPreparationFailed() {
        try (HawserTest test = HawserTest.of(EchoFace.DIRECT.handler(), o -> o.everyConnection((toServer, toClient) -> toServer.drop(-1)))) {
            assertThatThrownBy(() -> test.webSocket("/"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the number of bytes to drop must not be negative, as -1 is");
        }
    }
}
