// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a handler that has a connection in its hands sees of the end, in each face. */
@ExtendWith(EndOfTalks.class)
class EndInEachFaceTest {
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();

    enum Hands {
        STREAMS,
        DIRECT,
        FRAMES,
        RAW_FRAMES
    }

    /** A handler that receives, and never sends by itself. */
    private WebSocketHandler handler(Hands hands) {
        return switch (hands) {
            case STREAMS -> WebSocketHandler.streams(in -> {
                opened.complete(in);
                in.subscribe(new Receiver());
                return in.receiveOnly();
            });
            case DIRECT -> WebSocketHandler.direct(socket -> {
                opened.complete(socket);
                for (Message message : socket) {
                    received.add(message.text());
                }
            });
            case FRAMES -> WebSocketHandler.frames(channel -> {
                opened.complete(channel);
                return frame -> received.add(frame.text());
            });
            case RAW_FRAMES -> WebSocketHandler.rawFrames(channel -> {
                opened.complete(channel);
                return new RawText(received);
            });
        };
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C9")
    @Tag("C11")
    void deliversInputBehindItsOwnClose(Hands hands) {
        Conversation talk = Conversation.with(handler(hands));
        talk.awaits("the handler runs", opened::isDone);
        opened.join().closeAsync(CloseStatus.of(4001, "enough"));
        talk.hearsClose(4001).says(text("still")).awaits("it is delivered", () -> received.contains("still"));
        assertThat(talk.isClosed()).isFalse();
        talk.says(close(4001, "enough"));
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(4001, "enough"), true, true));
        assertThat(received).containsExactly("still");
        talk.hangsUp().isOver();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-61")
    void refusesWhatIsSentFromTheCloseCallback(Hands hands) {
        Conversation talk = Conversation.with(handler(hands));
        talk.awaits("the handler runs", opened::isDone);
        Connection connection = opened.join();
        List<CompletionStage<?>> results = new ArrayList<>();
        List<Boolean> tried = new ArrayList<>();
        connection.closed().thenAccept(how -> {
            tried.add(connection.trySend(TextMessage.of("too late")));
            results.add(connection.sendAsync(TextMessage.of("too late")));
            results.add(connection.pingAsync());
        });
        talk.says(close(1000, "")).hearsClose(1000).hearsEnd();
        talk.closed();
        assertThat(tried).containsExactly(false);
        assertThat(results).hasSize(2).allSatisfy(result -> assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> result.toCompletableFuture().join())
                .withCauseInstanceOf(WebSocketClosedException.class));
        talk.hangsUp().isOver();
    }

    private final class Receiver implements Flow.Subscriber<Message> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Message message) {
            received.add(message.text());
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
