// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Attribute;
import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connection tells of itself, and keeps for the application, in each face that shows one. */
@ExtendWith(EndOfTalks.class)
class ConnectionTest {
    private static final Attribute<Integer> SCORE = Attribute.of("score");

    /** A face that shows its connection. */
    enum ShownIn {
        STREAMS,
        DIRECT,
        FRAMES;

        WebSocketHandler handler(CompletableFuture<Connection> shown) {
            return switch (this) {
                case STREAMS -> WebSocketHandler.streams(in -> {
                    shown.complete(in);
                    return (Flow.Publisher<Message>) in;
                });
                case DIRECT -> WebSocketHandler.direct(socket -> {
                    shown.complete(socket);
                    socket.forEach(socket::send);
                });
                case FRAMES -> WebSocketHandler.frames(channel -> {
                    shown.complete(channel);
                    return channel::send;
                });
            };
        }
    }

    private final CompletableFuture<Connection> shown = new CompletableFuture<>();

    private Connection open(ShownIn face) {
        Conversation talk = Conversation.with(face.handler(shown));
        talk.awaits("the handler is opened", shown::isDone);
        return shown.join();
    }

    @ParameterizedTest
    @EnumSource
    void tellsHowItWasAgreedOn(ShownIn face) {
        Connection connection = open(face);
        assertThat(connection.request()).hasToString("GET /talk");
        assertThat(connection.subprotocol()).contains("talk.v1");
        assertThat(connection.response().status()).isEqualTo(101);
        assertThat(connection.response().headers().allValues("Sec-WebSocket-Protocol")).containsExactly("talk.v1");
        assertThat(connection.response().headers().firstValue("Sec-WebSocket-Accept"))
                .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); // RFC 6455 1.3: the example's
        assertThat(connection.response().headers().firstValue("X-Talk")).contains("yes");
        assertThat(connection.remoteAddress().toString()).contains("peer.example");
        assertThat(connection.localAddress().toString()).contains("here.example");
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhoThePeerIsByItsCertificate(ShownIn face) {
        assertThat(open(face).principal()).isEmpty();
        Principal ada = new X500Principal("CN=Ada");
        CompletableFuture<Connection> certified = new CompletableFuture<>();
        Conversation.with(face.handler(certified), ada).awaits("the handler is opened", certified::isDone);
        assertThat(certified.join().principal()).contains(ada);
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatTheApplicationGivesIt(ShownIn face) {
        Connection connection = open(face);
        assertThat(connection.get(SCORE)).isEmpty();
        connection.set(SCORE, 7);
        connection.set(Attribute.of("score"), "another key of that name");
        assertThat(connection.get(SCORE)).contains(7);
        connection.set(SCORE, 8);
        assertThat(connection.get(SCORE)).contains(8);
        connection.remove(SCORE);
        assertThat(connection.get(SCORE)).isEmpty();
        assertThatThrownBy(() -> connection.set(SCORE, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> connection.set(null, 1)).isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @EnumSource
    void showsWhatItsRequestCarried(ShownIn face) {
        Connection connection = open(face);
        assertThat(connection.get(Conversation.NAME)).contains("Ada");
        connection.set(Conversation.NAME, "Grace");
        assertThat(connection.get(Conversation.NAME)).contains("Grace");
        assertThat(connection.request().get(Conversation.NAME)).contains("Ada");
        connection.remove(Conversation.NAME);
        assertThat(connection.get(Conversation.NAME)).isEmpty();
    }

    @Test
    void losesNothingThatSeveralThreadsKeepAtOnce() throws InterruptedException {
        Connection connection = open(ShownIn.FRAMES);
        Thread[] threads = new Thread[8];
        @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type arguments
        Attribute<Integer>[] keys = new Attribute[threads.length];
        for (int i = 0; i < threads.length; i++) {
            int number = i;
            keys[i] = Attribute.of("of thread " + i);
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int turn = 0; turn < 1_000; turn++) {
                    connection.set(keys[number], turn);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Attribute<Integer> key : keys) {
            assertThat(connection.get(key)).as(key.name()).contains(999);
        }
    }

    @Test
    void namesASenderWhoSendsOnAlthoughFarTooMuchWaits() {
        Conversation talk = Conversation.with(ShownIn.FRAMES.handler(shown));
        Connection connection = shown.join();
        talk.wire.acceptNothing();
        LogLines log = new LogLines();
        String peer = talk.wire.remoteAddress().toString();
        for (int i = 0; i < 17; i++) {
            send(talk, connection, 64 << 10);
        }
        assertThat(log.with("WARN", peer)).as("16 times the mark, and one message above").isEmpty();
        for (int i = 0; i < 20; i++) {
            send(talk, connection, 64 << 10);
        }
        assertThat(log.with("WARN", "/talk", peer, "bytes wait to leave", "trySend(...)")).hasSize(1);
    }

    @Test
    void mindsNoSingleLargeMessage() {
        Conversation talk = Conversation.with(ShownIn.FRAMES.handler(shown));
        talk.wire.acceptNothing();
        LogLines log = new LogLines();
        String peer = talk.wire.remoteAddress().toString();
        send(talk, shown.join(), 8 << 20);
        talk.says(ClientFrames.ping("a"), ClientFrames.ping("b"));
        talk.wire.accept(1 << 20);
        talk.says(ClientFrames.ping("c"));
        talk.wire.acceptAll();
        send(talk, shown.join(), 8 << 20);
        assertThat(log.with("WARN", peer)).isEmpty();
    }

    private static void send(Conversation talk, Connection connection, int bytes) {
        connection.sendAsync(TextMessage.of("a".repeat(bytes)));
        talk.loop.run();
    }
}
