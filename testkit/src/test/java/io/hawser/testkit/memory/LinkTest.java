// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("X4")
class LinkTest {
    private static final int CAPACITY = 256 << 10;

    private final World world = new World(0, Duration.ofSeconds(10), thread -> false, true);
    private final Link there = new Link(world);
    private final Link back = new Link(world);
    private final HandEnd sender = new HandEnd(there, back, Tap.NONE);
    private final Receiver receiver = new Receiver();

    LinkTest() {
        Link.join(sender, there, receiver, back);
    }

    /** Notes what comes and when; it takes what it reads unless it holds. */
    private final class Receiver implements End {
        private final List<String> came = new ArrayList<>();
        private boolean open = true;
        private boolean holding;

        private void note(String what) {
            came.add(world.elapsed().toSeconds() + " " + what);
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void onBytes(byte[] bytes) {
            note(new String(bytes, US_ASCII));
            if (!holding) {
                there.consumed(bytes.length);
            }
        }

        @Override
        public void onEnd() {
            note("END");
        }

        @Override
        public void onReset() {
            note("RESET");
        }

        @Override
        public void onRoom() {}
    }

    @AfterEach
    void end() {
        world.end();
    }

    private void send(String text) {
        world.onLoop(() -> sender.send(text.getBytes(US_ASCII)));
    }

    private void change(Runnable fault) {
        there.change(fault);
    }

    @Test
    void bringsEachWriteAsOneReadAndTheEndBehindThem() {
        send("one");
        send("two");
        world.onLoop(sender::endOutput);
        world.settle();
        assertThat(receiver.came).containsExactly("0 one", "0 two", "0 END");
    }

    @Test
    void splitsAtPositionsOverWrites() {
        there.splitAt(1, 4, 5);
        send("abc");
        send("defgh");
        world.settle();
        assertThat(receiver.came).containsExactly("0 a", "0 bc", "0 d", "0 e", "0 fgh");
    }

    @Test
    void splitsIntoPiecesOfChance() {
        there.split(new SplittableRandom(7), 3);
        send("abcdefghijklmnop");
        world.settle();
        assertThat(receiver.came).hasSizeGreaterThan(5).allMatch(read -> read.length() <= 2 + 3);
        assertThat(String.join("", receiver.came).replace("0 ", "")).isEqualTo("abcdefghijklmnop");
    }

    @Test
    void delaysAndKeepsTheOrderWhenTheDelayShrinks() {
        change(() -> there.delay(Duration.ofSeconds(5)));
        send("slow");
        change(() -> there.delay(Duration.ZERO));
        send("quick");
        world.onLoop(sender::endOutput);
        world.advance(Duration.ofSeconds(4));
        assertThat(receiver.came).isEmpty();
        world.advance(Duration.ofSeconds(2));
        assertThat(receiver.came).containsExactly("5 slow", "5 quick", "5 END");
    }

    @Test
    void keepsTheOrderOfWhatIsSentAtTheInstantAtWhichSomethingArrives() {
        world.scheduleOnLoop(() -> sender.send(new byte[] {'b'}), Duration.ofSeconds(1).toNanos());
        change(() -> there.delay(Duration.ofSeconds(1)));
        send("a");
        change(() -> there.delay(Duration.ZERO));
        world.advance(Duration.ofSeconds(1));
        assertThat(receiver.came).containsExactly("1 a", "1 b");
    }

    @Test
    void keepsTheOrderUnderDelaysOfChance() {
        change(() -> there.delay(new SplittableRandom(7), Duration.ofSeconds(1), Duration.ofSeconds(9)));
        for (char c = 'a'; c <= 'z'; c++) {
            send(String.valueOf(c));
        }
        world.advance(Duration.ofSeconds(9));
        assertThat(String.join("", receiver.came).replaceAll("[0-9 ]", "")).isEqualTo("abcdefghijklmnopqrstuvwxyz");
    }

    @Test
    void dropsOverWritesAndCountsWhatItDropped() {
        there.drop(4);
        send("abc");
        send("def");
        world.settle();
        assertThat(receiver.came).containsExactly("0 ef");
        assertThat(there.position()).isEqualTo(6);
        assertThat(there.room()).isEqualTo(CAPACITY);
    }

    @Test
    void corruptsOneByteWhateverTheWrite() {
        there.corrupt(4, 0x20);
        send("abc");
        send("def");
        world.settle();
        assertThat(receiver.came).containsExactly("0 abc", "0 dEf");
    }

    @Test
    void holdsBackWhatIsSentInSilenceUntilItIsRestored() {
        change(() -> there.delay(Duration.ofSeconds(3)));
        send("under way");
        change(there::silence);
        send("lost and sent again");
        world.onLoop(sender::endOutput);
        world.advance(Duration.ofMinutes(1));
        assertThat(receiver.came).isEmpty();
        change(there::restore);
        world.advance(Duration.ofSeconds(3));
        assertThat(receiver.came).containsExactly("63 under way", "63 lost and sent again", "63 END");
    }

    @Test
    void letsWhatHasArrivedArriveBeforeSilence() {
        send("before");
        change(there::silence);
        send("behind");
        world.settle();
        assertThat(receiver.came).containsExactly("0 before");
    }

    @Test
    void tellsNoResetThroughSilence() {
        change(there::silence);
        world.onLoop(sender::cut);
        world.advance(Duration.ofMinutes(1));
        assertThat(receiver.came).isEmpty();
    }

    @Test
    void losesWhatIsUnderWayWhenItIsReset() {
        change(() -> there.delay(Duration.ofSeconds(1)));
        send("lost");
        change(there::reset);
        world.advance(Duration.ofSeconds(5));
        assertThat(receiver.came).containsExactly("0 RESET");
        assertThat(sender.isReset()).isTrue();
    }

    @Test
    void losesWhatWaitsForTheReaderWhenTheSenderBreaksOff() {
        change(there::pause);
        send("lost");
        world.settle();
        world.onLoop(sender::cut);
        change(there::resume);
        world.settle();
        assertThat(receiver.came).containsExactly("0 RESET");
    }

    @Test
    void endsWithoutTellingTheSender() {
        send("before");
        change(there::end);
        send("behind");
        world.onLoop(sender::endOutput);
        world.settle();
        assertThat(receiver.came).containsExactly("0 before", "0 END");
        assertThat(there.room()).isEqualTo(CAPACITY);
    }

    @Test
    void keepsWhatComesWhileTheReceiverDoesNotReadUpToItsCapacity() {
        change(there::pause);
        send("x".repeat(CAPACITY - 1));
        send("yz");
        world.onLoop(sender::endOutput);
        world.settle();
        assertThat(receiver.came).isEmpty();
        assertThat(there.room()).isZero();
        change(there::resume);
        world.settle();
        assertThat(receiver.came.stream().skip(1)).containsExactly("0 y", "0 z", "0 END");
    }

    @Test
    void shutsItsWindowAndOpensItAgain() {
        change(() -> there.window(2));
        send("abcd");
        world.onLoop(sender::endOutput);
        world.advance(Duration.ofSeconds(1));
        assertThat(receiver.came).containsExactly("0 ab");
        change(() -> there.window(1));
        world.advance(Duration.ofSeconds(1));
        assertThat(receiver.came).containsExactly("0 ab", "1 c");
        change(() -> there.window(Link.WIDE_OPEN));
        world.settle();
        assertThat(receiver.came).containsExactly("0 ab", "1 c", "2 d", "2 END");
    }

    @Test
    void keepsTheSenderBackWhileTheReceiverHolds() {
        receiver.holding = true;
        send("x".repeat(CAPACITY));
        world.settle();
        assertThat(there.room()).isZero();
        world.onLoop(() -> there.consumed(10));
        assertThat(there.room()).isEqualTo(10);
    }

    @Test
    void answersAResetToWhatComesForAClosedReceiver() {
        change(() -> there.delay(Duration.ofSeconds(1)));
        send("too late");
        receiver.open = false;
        world.settle();
        assertThat(sender.isReset()).isFalse();
        world.advance(Duration.ofSeconds(1));
        assertThat(sender.isReset()).isTrue();
    }

    @Test
    void answersAResetForWhatAReceiverHasLeftUnread() {
        change(there::pause);
        send("unread");
        world.settle();
        receiver.open = false;
        world.onLoop(() -> there.abandon(false));
        world.settle();
        assertThat(sender.isReset()).isTrue();
    }

    @Test
    void tellsAgainOfAResetThatWasLostInSilence() {
        change(back::silence);
        receiver.open = false;
        send("one");
        world.settle();
        assertThat(sender.isReset()).isFalse();
        change(back::restore);
        send("two");
        world.settle();
        assertThat(sender.isReset()).isTrue();
    }
}
