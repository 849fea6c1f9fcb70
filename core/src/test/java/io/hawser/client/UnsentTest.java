// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.ConnectFailedException;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.protocol.CloseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of messages between two connections. */
@Timeout(60)
@Tag("U7")
class UnsentTest {
    private final WebSocketClosedException cut =
            new WebSocketClosedException(new Closed(CloseStatus.of(CloseStatus.ABNORMAL), false, false), null);

    private static Unsent keeping(int messages, long bytes) {
        return new Unsent("ws://example.com/", messages, bytes);
    }

    private static CompletableFuture<Void> send(Unsent unsent, String text) {
        return unsent.sendAsync(TextMessage.of(text)).toCompletableFuture();
    }

    @Test
    void failAtOnceUnlessKept() {
        Unsent unsent = keeping(0, 0);
        assertThat(unsent.trySend(TextMessage.of("a"))).isFalse();
        assertThat(send(unsent, "a").exceptionNow())
                .isInstanceOf(ConnectFailedException.class)
                .hasMessage("not sent: there is no connection to ws://example.com/ now;"
                        + " keepUnsent(messages, bytes) lets messages wait for one");
        FakeConnection first = FakeConnection.taking();
        unsent.open(first);
        assertThat(unsent.trySend(TextMessage.of("b"))).isTrue();
        assertThat(send(unsent, "c")).isCompleted();
        unsent.close(cut);
        assertThat(unsent.trySend(TextMessage.of("d"))).isFalse();
        assertThat(send(unsent, "d").exceptionNow()).hasCause(cut);
        assertThat(first.taken()).containsExactly("b", "c");
    }

    @Test
    void waitInOrderAndBeforeWhatComesLater() {
        Unsent unsent = keeping(10, 100);
        CompletableFuture<Void> one = send(unsent, "1");
        assertThat(unsent.trySend(TextMessage.of("2"))).isTrue();
        CompletableFuture<Void> three = send(unsent, "3");
        FakeConnection connection = FakeConnection.hesitant();
        unsent.open(connection);
        assertThat(connection.taken()).containsExactly("1");
        CompletableFuture<Void> four = send(unsent, "4");
        assertThat(one).isNotDone();
        connection.take();
        assertThat(one).isCompleted();
        assertThat(connection.taken()).containsExactly("1", "2");
        connection.take();
        connection.take();
        assertThat(three).isCompleted();
        assertThat(connection.taken()).containsExactly("1", "2", "3", "4");
        connection.take();
        assertThat(four).isCompleted();
        send(unsent, "5");
        send(unsent, "6");
        assertThat(connection.taken()).as("nothing waits any more").containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void loseOneAtMostWithAConnectionAndLeaveTheOthersToTheNext() {
        Unsent unsent = keeping(10, 100);
        CompletableFuture<Void> one = send(unsent, "1");
        CompletableFuture<Void> two = send(unsent, "2");
        FakeConnection cutOff = FakeConnection.hesitant();
        unsent.open(cutOff);
        cutOff.end(CloseStatus.ABNORMAL); // and its end has not been told here
        assertThat(one.exceptionNow()).isInstanceOf(WebSocketClosedException.class);
        assertThat(two).isNotDone();
        CompletableFuture<Void> three = send(unsent, "3");
        unsent.close(cut);
        FakeConnection next = FakeConnection.taking();
        unsent.open(next);
        assertThat(two).isCompleted();
        assertThat(three).isCompleted();
        assertThat(next.taken()).containsExactly("2", "3");
    }

    @Test
    void failWhereTheLoopOfTheConnectionHasEnded() {
        Unsent unsent = keeping(0, 0);
        FakeConnection connection = FakeConnection.taking();
        unsent.open(connection);
        assertThat(send(unsent, "1")).isCompleted();
        connection.endLoop();
        assertThat(send(unsent, "2").exceptionNow()).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void areNeverSentTwice() {
        Unsent unsent = keeping(10, 100);
        FakeConnection first = FakeConnection.hesitant();
        unsent.open(first);
        CompletableFuture<Void> underWay = send(unsent, "1");
        first.end(CloseStatus.ABNORMAL);
        unsent.close(cut);
        assertThat(underWay.exceptionNow()).isInstanceOf(WebSocketClosedException.class);
        FakeConnection next = FakeConnection.taking();
        unsent.open(next);
        assertThat(next.taken()).isEmpty();
    }

    /** Who is told of a loss may be told before anybody knows that the connection has ended. */
    @Test
    void areSentAgainToTheNextConnectionByWhoeverWantsThat() {
        Unsent unsent = keeping(1, 100);
        FakeConnection first = FakeConnection.hesitant();
        unsent.open(first);
        TextMessage order = TextMessage.of("order");
        CompletionStage<Void> twice = unsent.sendAsync(order).exceptionallyCompose(failure -> unsent.sendAsync(order));
        CompletableFuture<Void> kept = send(unsent, "2");
        first.end(CloseStatus.ABNORMAL);
        assertThat(kept.exceptionNow()).isInstanceOf(WebSocketClosedException.class);
        unsent.close(cut);
        FakeConnection next = FakeConnection.taking();
        unsent.open(next);
        assertThat(next.taken()).containsExactly("order");
        assertThat(twice.toCompletableFuture()).isCompleted();
    }

    @Test
    void areBoundInNumber() {
        Unsent unsent = keeping(2, 100);
        assertThat(unsent.trySend(TextMessage.of("1"))).isTrue();
        assertThat(unsent.trySend(TextMessage.of("2"))).isTrue();
        assertThat(unsent.trySend(TextMessage.of("3"))).isFalse();
        assertThat(send(unsent, "3").exceptionNow())
                .hasMessage("not sent: 2 messages of 2 bytes wait for a connection to ws://example.com/ already,"
                        + " and keepUnsent allows 2 of 100");
        FakeConnection connection = FakeConnection.hesitant();
        unsent.open(connection);
        assertThat(unsent.trySend(TextMessage.of("3"))).as("until the first has left").isFalse();
        connection.take();
        assertThat(unsent.trySend(TextMessage.of("3"))).isTrue();
        connection.take();
        connection.take();
        assertThat(connection.taken()).containsExactly("1", "2", "3");
    }

    /** A connection takes what it is given with sendAsync; that others leave first is no reason to refuse. */
    @Test
    void areNotBoundWhileAConnectionTakesThem() {
        Unsent unsent = keeping(2, 2);
        send(unsent, "1");
        FakeConnection first = FakeConnection.hesitant();
        unsent.open(first);
        CompletableFuture<Void> large = send(unsent, "22222");
        assertThat(unsent.trySend(TextMessage.of("3"))).as("for whom too much waits").isFalse();
        first.take();
        assertThat(first.taken()).containsExactly("1", "22222");
        assertThat(large).isNotDone();
        first.take();
        assertThat(large).isCompleted();
    }

    @Test
    void areBoundAgainWhenTheConnectionEndsBeforeThem() {
        Unsent unsent = keeping(2, 10);
        send(unsent, "1");
        CompletableFuture<Void> two = send(unsent, "2");
        FakeConnection first = FakeConnection.hesitant();
        unsent.open(first);
        first.take();
        CompletableFuture<Void> three = send(unsent, "3");
        CompletableFuture<Void> four = send(unsent, "4");
        CompletableFuture<Void> five = send(unsent, "5");
        CompletableFuture<Void> streamed =
                unsent.sendAsync(TextMessage.streamed(new SubmissionPublisher<>())).toCompletableFuture();
        first.end(CloseStatus.ABNORMAL);
        assertThat(two.exceptionNow()).isInstanceOf(WebSocketClosedException.class);
        unsent.close(cut);
        assertThat(five.exceptionNow())
                .hasMessage("not sent: the connection to ws://example.com/ ended before it,"
                        + " and keepUnsent does not let it wait for the next")
                .hasCause(cut);
        assertThat(streamed).isCompletedExceptionally();
        FakeConnection next = FakeConnection.taking();
        unsent.open(next);
        assertThat(next.taken()).containsExactly("3", "4");
        assertThat(three).isCompleted();
        assertThat(four).isCompleted();
    }

    @Test
    void areBoundInBytesOfUtf8() {
        Unsent unsent = keeping(100, 5);
        assertThat(unsent.trySend(BinaryMessage.of(new byte[6]))).isFalse();
        assertThat(unsent.trySend(TextMessage.of("ää"))).isTrue();
        assertThat(unsent.trySend(TextMessage.of("ä"))).isFalse();
        assertThat(unsent.trySend(BinaryMessage.of(new byte[1]))).isTrue();
        assertThat(unsent.trySend(TextMessage.of("a"))).isFalse();
        assertThat(unsent.trySend(TextMessage.of(""))).as("an empty one counts in number").isTrue();
    }

    @Test
    void makeRoomWhenTheyHaveLeft() {
        Unsent unsent = keeping(1, 5);
        send(unsent, "12345");
        unsent.open(FakeConnection.taking());
        unsent.close(cut);
        assertThat(unsent.trySend(TextMessage.of("67890"))).isTrue();
    }

    @Test
    void areNotKeptForTheNextConnectionWhereTheirLengthIsNotKnown() {
        Unsent unsent = keeping(10, 100);
        send(unsent, "1");
        FakeConnection first = FakeConnection.hesitant();
        unsent.open(first);
        CompletableFuture<Void> streamed =
                unsent.sendAsync(TextMessage.streamed(new SubmissionPublisher<>())).toCompletableFuture();
        CompletableFuture<Void> strict = send(unsent, "2");
        assertThat(streamed).isNotDone();
        first.end(CloseStatus.ABNORMAL);
        unsent.close(cut);
        assertThat(streamed.exceptionNow()).hasMessageEndingWith("keepUnsent does not let it wait for the next");
        assertThat(strict).isNotDone();
    }

    @Test
    void areNotKeptWhereTheirLengthIsNotKnown() {
        Unsent unsent = keeping(100, Long.MAX_VALUE);
        try (SubmissionPublisher<String> chunks = new SubmissionPublisher<>()) {
            Message streamed = TextMessage.streamed(chunks);
            assertThat(unsent.trySend(streamed)).isFalse();
            assertThat(unsent.sendAsync(streamed).toCompletableFuture().exceptionNow())
                    .hasMessageStartingWith("not sent: a streamed message cannot wait")
                    .hasMessageEndingWith("toStrict(maxBytes, timeout)");
        }
    }

    @Test
    void failWhenAllIsOver() {
        Unsent unsent = keeping(10, 100);
        CompletableFuture<Void> kept = send(unsent, "1");
        unsent.end();
        assertThat(kept.exceptionNow()).hasMessageEndingWith("stopped while the message waited");
        assertThat(send(unsent, "2").exceptionNow()).hasMessageEndingWith("to ws://example.com/ has stopped");
        assertThat(unsent.trySend(TextMessage.of("3"))).isFalse();
    }

    @Test
    void leaveOneAfterAnotherWithoutDeepeningTheStack() {
        int count = 100_000;
        Unsent unsent = keeping(count, Long.MAX_VALUE);
        List<CompletableFuture<Void>> results =
                IntStream.range(0, count).mapToObj(i -> send(unsent, "" + i)).toList();
        FakeConnection connection = FakeConnection.taking();
        unsent.open(connection);
        assertThat(results).allMatch(CompletableFuture::isDone);
        assertThat(connection.taken()).hasSize(count);
    }

    /** Threads send while connections come and go: each thread's messages leave in its order, each once or not at all. */
    @Test
    void keepTheOrderOfEachThreadWhileConnectionsComeAndGo() throws Exception {
        int senders = 4;
        int each = 3000;
        Unsent unsent = keeping(Integer.MAX_VALUE, Long.MAX_VALUE);
        List<FakeConnection> connections = new ArrayList<>();
        List<Future<List<CompletableFuture<Void>>>> sending = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(senders)) {
            for (int sender = 0; sender < senders; sender++) {
                String name = sender + ":";
                sending.add(threads.submit(() ->
                        IntStream.range(0, each).mapToObj(i -> send(unsent, name + i)).toList()));
            }
            while (!sending.stream().allMatch(Future::isDone)) {
                FakeConnection connection = FakeConnection.taking();
                connections.add(connection);
                unsent.open(connection);
                Thread.onSpinWait();
                connection.end(CloseStatus.GOING_AWAY);
                unsent.close(cut);
            }
        }
        FakeConnection last = FakeConnection.taking();
        connections.add(last);
        unsent.open(last);
        for (int sender = 0; sender < senders; sender++) {
            String name = sender + ":";
            List<CompletableFuture<Void>> results = sending.get(sender).get(20, TimeUnit.SECONDS);
            List<Integer> arrived = connections.stream()
                    .flatMap(connection -> connection.taken().stream())
                    .filter(text -> text.startsWith(name))
                    .map(text -> Integer.parseInt(text.substring(name.length())))
                    .toList();
            List<Integer> accepted = IntStream.range(0, each)
                    .filter(i -> results.get(i).isDone() && !results.get(i).isCompletedExceptionally())
                    .boxed()
                    .toList();
            assertThat(results).allMatch(CompletableFuture::isDone);
            assertThat(arrived).isEqualTo(accepted);
        }
    }
}
