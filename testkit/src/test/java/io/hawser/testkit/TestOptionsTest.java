// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The ranges of options. */
class TestOptionsTest {
    @Test
    void refusesWhatIsOutsideItsRange() {
        TestOptions options = TestOptions.defaults();
        assertThatThrownBy(() -> options.maxChunks(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("maxChunks must be 1 or more, not 0");
        assertThatThrownBy(() -> options.shownFrames(-1)).isInstanceOf(IllegalArgumentException.class).hasMessage("shownFrames must be 0 or more, not -1");
        assertThatThrownBy(() -> options.collectWithin(Duration.ofSeconds(-2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("collectWithin must not be negative, as PT-2S is");
    }

    @Test
    void changesNothingButACopy() {
        TestOptions changed = TestOptions.defaults().maxChunks(7).collectWithin(Duration.ofSeconds(8)).shownFrames(9);
        assertThat(TestOptions.defaults().maxChunks()).isEqualTo(1000);
        assertThat(changed.maxChunks()).isEqualTo(7);
        assertThat(changed.collectWithin()).isEqualTo(Duration.ofSeconds(8));
        assertThat(changed.shownFrames()).isEqualTo(9);
    }

    @Test
    void readsTheSeedOfTheSystemProperty() {
        assertThat(TestOptions.parsedSeed("-7")).isEqualTo(-7);
        assertThatThrownBy(() -> TestOptions.parsedSeed("seven")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the system property hawser.seed must be a whole number, not 'seven'");
    }
}
