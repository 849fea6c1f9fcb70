// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On an embedded loop, whose clock stands until a test moves it. */
class HappyEyeballsTest {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final Map<String, ChannelPromise> attempts = new LinkedHashMap<>();
    private final List<Channel> won = new ArrayList<>();
    private final List<Throwable> lost = new ArrayList<>();

    @BeforeEach
    void stopTheClock() {
        clock.freezeTime();
    }

    @AfterEach
    void close() {
        clock.close();
        attempts.values().forEach(attempt -> attempt.channel().close());
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static List<InetAddress> addresses(String... literals) {
        return Stream.of(literals).map(HappyEyeballsTest::address).toList();
    }

    private void race(String... literals) {
        new HappyEyeballs(clock.eventLoop(), addresses(literals), this::begin, won::add, lost::add).run();
    }

    private ChannelFuture begin(InetAddress address) {
        ChannelPromise attempt = new EmbeddedChannel().newPromise();
        attempts.put(address.getHostAddress(), attempt);
        return attempt;
    }

    private void pass(long millis) {
        clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
    }

    private ChannelPromise attempt(int number) {
        return List.copyOf(attempts.values()).get(number - 1);
    }

    /** As a socket does it: its attempt fails when it is closed. */
    private void closeTogether(ChannelPromise attempt) {
        attempt.channel().closeFuture().addListener(closed -> attempt.tryFailure(new ConnectException("closed")));
    }

    @Test
    void takesFamiliesInTurn() {
        assertThat(HappyEyeballs.interleaved(addresses("::1", "::2", "::3", "1.1.1.1", "2.2.2.2")))
                .isEqualTo(addresses("::1", "1.1.1.1", "::2", "2.2.2.2", "::3"));
        assertThat(HappyEyeballs.interleaved(addresses("1.1.1.1", "2.2.2.2", "::1")))
                .isEqualTo(addresses("1.1.1.1", "::1", "2.2.2.2"));
        assertThat(HappyEyeballs.interleaved(addresses("2.2.2.2", "1.1.1.1"))).isEqualTo(addresses("2.2.2.2", "1.1.1.1"));
    }

    @Test
    void takesTheOnlyOne() {
        race("1.1.1.1");
        pass(1000);
        attempt(1).setSuccess();
        assertThat(won).containsExactly(attempt(1).channel());
        assertThat(attempts).hasSize(1);
    }

    @Test
    void leavesTheSecondAloneWhereTheFirstIsQuick() {
        race("1.1.1.1", "2.2.2.2");
        pass(249);
        attempt(1).setSuccess();
        pass(1000);
        assertThat(attempts).containsOnlyKeys("1.1.1.1");
        assertThat(won).containsExactly(attempt(1).channel());
    }

    @Test
    void joinsASlowOneWithTheNext() {
        race("1.1.1.1", "2.2.2.2", "3.3.3.3");
        pass(249);
        assertThat(attempts).hasSize(1);
        pass(1);
        assertThat(attempts).containsOnlyKeys("1.1.1.1", "2.2.2.2");
        closeTogether(attempt(1));
        attempt(2).setSuccess();
        assertThat(won).containsExactly(attempt(2).channel());
        assertThat(attempt(1).channel().isOpen()).isFalse();
        assertThat(attempt(2).channel().isOpen()).isTrue();
        pass(1000);
        assertThat(attempts).hasSize(2);
        assertThat(lost).isEmpty();
    }

    @Test
    void letsASlowOneWinStill() {
        race("1.1.1.1", "2.2.2.2");
        pass(250);
        attempt(1).setSuccess();
        assertThat(won).containsExactly(attempt(1).channel());
        assertThat(attempt(2).channel().isOpen()).isFalse();
    }

    @Test
    void closesAConnectionThatComesTooLate() {
        race("1.1.1.1", "2.2.2.2");
        pass(250);
        attempt(2).setSuccess();
        attempt(1).setSuccess();
        assertThat(won).containsExactly(attempt(2).channel());
        assertThat(attempt(1).channel().isOpen()).isFalse();
    }

    @Test
    void goesOnAtOnceBehindAFailure() {
        race("1.1.1.1", "2.2.2.2", "3.3.3.3");
        pass(100);
        attempt(1).setFailure(new ConnectException("refused"));
        assertThat(attempts).hasSize(2);
        pass(249); // the delay begins anew
        assertThat(attempts).hasSize(2);
        pass(1);
        assertThat(attempts).hasSize(3);
    }

    @Test
    void waitsForTheLastThatRuns() {
        race("1.1.1.1", "2.2.2.2");
        pass(250);
        attempt(2).setFailure(new ConnectException("refused"));
        assertThat(lost).isEmpty();
        attempt(1).setSuccess();
        assertThat(won).containsExactly(attempt(1).channel());
    }

    @Test
    void tellsAllFailures() {
        race("1.1.1.1", "::1");
        attempt(1).setFailure(new ConnectException("first"));
        attempt(2).setFailure(new ConnectException("second"));
        assertThat(won).isEmpty();
        assertThat(lost).singleElement().satisfies(failure -> {
            assertThat(failure).hasMessage("first");
            assertThat(failure.getSuppressed()).extracting(Throwable::getMessage).containsExactly("second");
        });
    }
}
