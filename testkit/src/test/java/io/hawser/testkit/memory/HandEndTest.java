// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandEndTest {
    private static final int MORE_THAN_A_LINK_TAKES = 300 << 10;

    private final World world = new World(0, Duration.ofSeconds(10), thread -> false, true);
    private final Link there = new Link(world);
    private final HandEnd hand = new HandEnd(there, new Link(world), Tap.NONE);
    private int heardBytes;
    private int heardAtTheEnd = -1;

    @AfterEach
    void end() {
        world.end();
    }

    /** Hears all that the hand sends. */
    private final class Hearer implements End {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void onBytes(byte[] bytes) {
            heardBytes += bytes.length;
            there.consumed(bytes.length);
        }

        @Override
        public void onEnd() {
            heardAtTheEnd = heardBytes;
        }

        @Override
        public void onReset() {}

        @Override
        public void onRoom() {}
    }

    @Test
    void endsItsOutputBehindWhatTheLinkHasNotTaken() {
        Link.join(hand, there, new Hearer(), new Link(world));
        world.onLoop(() -> {
            hand.send(new byte[MORE_THAN_A_LINK_TAKES]);
            hand.endOutput();
            assertThat(hand.waitingBytes()).isPositive();
            assertThat(hand.isEnding()).isTrue();
        });
        world.settle();
        assertThat(heardAtTheEnd).isEqualTo(MORE_THAN_A_LINK_TAKES);
        assertThat(hand.isEnding()).isTrue();
    }
}
