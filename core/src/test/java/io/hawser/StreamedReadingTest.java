// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.waiting.Belonging;
import io.hawser.waiting.HandMovedClock;
import java.io.IOException;
import java.io.Reader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reading and collecting of messages whose publisher a test has in its hand. */
class StreamedReadingTest {
    private Flow.Subscriber<? super String> subscriber;
    private boolean cancelled;
    private long requested;
    private final HandMovedClock clock = new HandMovedClock(1);
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

    @BeforeEach
    void belongToTheClock() {
        Belonging.add(Thread.currentThread(), clock);
    }

    @AfterEach
    void leaveTheClock() {
        Belonging.remove(Thread.currentThread(), clock);
    }

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
        clock.passes(Duration.ZERO);
        assertThat(whole).isCompletedExceptionally();
        subscriber.onSubscribe(subscription);
        assertThat(cancelled).isTrue();
        assertThat(requested).isZero();
    }

    @Test
    @Tag("M3")
    void cancelsWhatIsCollectedWhenItsTimeIsOver() {
        CompletableFuture<?> whole = message.toStrict(100, Duration.ofSeconds(5)).toCompletableFuture();
        subscriber.onSubscribe(subscription);
        subscriber.onNext("the begin of ");
        clock.passes(Duration.ofSeconds(5).minusNanos(1));
        assertThat(whole).isNotDone();
        assertThat(cancelled).isFalse();
        clock.passes(Duration.ofNanos(1));
        assertThat(whole).isCompletedExceptionally();
        assertThatThrownBy(whole::join).hasCauseInstanceOf(TimeoutException.class);
        assertThat(cancelled).isTrue();
    }

    @Test
    @Tag("M3")
    void forgetsTheTimeOfWhatIsCollected() {
        CompletableFuture<TextMessage.Strict> whole = message.toStrict(100, Duration.ofSeconds(5)).toCompletableFuture();
        subscriber.onSubscribe(subscription);
        subscriber.onNext("all");
        subscriber.onComplete();
        assertThat(whole.join().text()).isEqualTo("all");
        assertThat(clock.hasTimers()).isFalse();
        assertThat(cancelled).isFalse();
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
