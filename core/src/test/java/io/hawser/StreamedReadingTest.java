// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reading and collecting of messages whose publisher a test has in its hand. */
class StreamedReadingTest {
    private Flow.Subscriber<? super String> subscriber;
    private boolean cancelled;
    private long requested;
    private final TextMessage message = TextMessage.streamed(wanted -> subscriber = wanted);

    private final Flow.Subscription subscription = new Flow.Subscription() {
        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    };

    @Test
    void cancelsAReaderThatWasClosedBeforeItsSubscriptionCame() throws IOException {
        Reader reader = message.reader();
        reader.close();
        subscriber.onSubscribe(subscription);
        assertThat(cancelled).isTrue();
    }

    @Test
    @Tag("M3")
    void cancelsWhatIsCollectedIfItsTimeWasOverBeforeItsSubscriptionCame() {
        CompletableFuture<?> whole = message.toStrict(100, Duration.ZERO).toCompletableFuture();
        assertThat(whole).failsWithin(Duration.ofSeconds(30));
        subscriber.onSubscribe(subscription);
        assertThat(cancelled).isTrue();
        assertThat(requested).isZero();
    }

    @Test
    @Tag("M3")
    void cancelsWhatIsCollectedWhenItsTimeIsOver() {
        CompletableFuture<Void> givenUp = new CompletableFuture<>();
        TextMessage unfinished = TextMessage.streamed(wanted -> wanted.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                wanted.onNext("the begin of ");
            }

            @Override
            public void cancel() {
                givenUp.complete(null);
            }
        }));
        assertThat(unfinished.toStrict(100, Duration.ofMillis(1)))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(givenUp).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void failsWhatIsCollectedIfAChunkIsNoText() {
        CompletableFuture<?> whole = message.toStrict(100, Duration.ofSeconds(60)).toCompletableFuture();
        subscriber.onSubscribe(subscription);
        subscriber.onNext("\ud83d ");
        assertThat(cancelled).isTrue();
        assertThat(whole).isCompletedExceptionally();
    }
}
