// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Request;
import io.hawser.WebSocketHandler;
import io.hawser.http.KnownRequest;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("hostile-59")
@ExtendWith(EndOfTalks.class)
class BlockedLoopsTest {
    /** Instants begin shortly before they overflow. */
    private static final long START = Long.MAX_VALUE - Duration.ofMillis(70).toNanos();

    private final List<String> warnings = new ArrayList<>();
    private final List<Throwable> places = new ArrayList<>();
    private final BlockedLoops blocked = new BlockedLoops(Duration.ofMillis(100), (warning, where) -> {
        warnings.add(warning);
        places.add(where);
    });
    private final LoopWatch watch = new LoopWatch(Thread.currentThread());

    private static Request request(String target) {
        return KnownRequest.of(
                "GET",
                target,
                HttpHeaders.of(Map.of(), (name, value) -> true),
                InetSocketAddress.createUnresolved("peer.example", 5));
    }

    private void sampleAt(long millis) {
        blocked.sample(START + Duration.ofMillis(millis).toNanos());
    }

    @Test
    void namesWhatALoopIsBusyWithForTooLong() {
        blocked.add(watch);
        watch.enter(request("/slow?token=secret"));
        sampleAt(0);
        sampleAt(50);
        sampleAt(99);
        assertThat(warnings).isEmpty();
        sampleAt(100);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("the handler of /slow, for peer.example", "100 ms so far", "do not block here", "direct(...)")
                .doesNotContain("secret");
        assertThat(places.get(0).getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("namesWhatALoopIsBusyWithForTooLong"));
    }

    @Test
    void blamesNoHandlerWhereNoneIsAtWork() throws InterruptedException {
        Thread loop = Thread.ofPlatform().daemon().start(LockSupport::park); // with frames of the JDK alone
        try {
            LoopWatch parked = new LoopWatch(loop);
            blocked.add(parked);
            parked.enter(request("/echo"));
            sampleAt(0);
            sampleAt(100);
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .contains("what is done for /echo, for peer.example", "100 ms so far", "no handler is at work")
                    .doesNotContain("the handler of", "do not block");
        } finally {
            LockSupport.unpark(loop);
            loop.join();
        }
    }

    @Test
    void namesItOnce() {
        blocked.add(watch);
        watch.enter(request("/slow"));
        for (int millis = 0; millis < 5_000; millis += 50) {
            sampleAt(millis);
        }
        assertThat(warnings).hasSize(1);
    }

    @Test
    void findsNothingWhereManyShortThingsFollowEachOther() {
        blocked.add(watch);
        Request request = request("/busy");
        for (int millis = 0; millis < 1_000; millis += 50) {
            watch.enter(request);
            sampleAt(millis);
            watch.leave(request);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void findsNothingWhereALoopIsIdle() {
        blocked.add(watch);
        Request request = request("/quick");
        for (int millis = 0; millis < 1_000; millis += 50) {
            sampleAt(millis);
        }
        watch.enter(request);
        watch.leave(request);
        for (int millis = 1_000; millis < 2_000; millis += 50) {
            sampleAt(millis);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void namesWhomItAllIsDoneForWhereOneThingIsPartOfAnother() {
        blocked.add(watch);
        Request outer = request("/outer");
        watch.enter(outer);
        for (int millis = 0; millis <= 100; millis += 50) {
            Request inner = request("/inner");
            watch.enter(inner);
            sampleAt(millis);
            watch.leave(inner);
        }
        assertThat(warnings).singleElement().asString().contains("/outer");
    }

    @Test
    void saysNoMoreThanOneThingASecondOfALoop() {
        blocked.add(watch);
        for (int number = 0; number < 20; number++) {
            Request request = request("/slow/" + number);
            watch.enter(request);
            sampleAt(200L * number);
            sampleAt(200L * number + 150);
            watch.leave(request);
        }
        assertThat(warnings).hasSize(4);
    }

    @Test
    void looksAtEachLoopByItself() {
        LoopWatch other = new LoopWatch(Thread.currentThread());
        blocked.add(watch);
        blocked.add(other);
        watch.enter(request("/one"));
        other.enter(request("/two"));
        sampleAt(0);
        sampleAt(100);
        assertThat(warnings).hasSize(2);
    }

    @Test
    void seesAHandlerOfAConnectionAtWork() {
        WebSocketHandler slow = WebSocketHandler.each(message -> {
            sampleAt(0);
            sampleAt(100);
            return message;
        });
        Conversation talk = Conversation.with(slow);
        blocked.add(talk.wire.watch());
        talk.says(text("a")).hears("a");
        assertThat(warnings).singleElement().asString().contains("/talk", "peer.example");
        sampleAt(500);
        sampleAt(700);
        assertThat(warnings).as("the batch has ended").hasSize(1);
    }

    @Test
    void seesAHandlerAtWorkThatIsBeingOpened() {
        WebSocketHandler slow = WebSocketHandler.frames(channel -> {
            blocked.add(((Face) channel).live.wire().watch());
            sampleAt(0);
            sampleAt(50);
            sampleAt(150);
            return frame -> {};
        });
        Conversation.with(slow);
        assertThat(warnings).singleElement().asString().contains("/talk");
    }
}
