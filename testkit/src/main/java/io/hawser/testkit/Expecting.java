// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.testkit.memory.Strand;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waiting for what a test expects of one connection, and how it is told that it does not come. */
final class Expecting {
    private final Scene scene;
    private final @Nullable Strand strand;
    private Duration within;

    /**
     * For one connection.
     *
     * @param strand null if there is none
     */
    Expecting(Scene scene, @Nullable Strand strand) {
        this.scene = scene;
        this.strand = strand;
        this.within = scene.options().within();
    }

    void within(Duration time) {
        TestOptions.requireNotNegative("within", time);
        within = time;
    }

    /** Waits; false if it does not come in time. */
    boolean await(BooleanSupplier until) {
        return scene.world().await(until, within);
    }

    /** What is told if it did not come in time. */
    String nothing() {
        return "nothing came within " + Shown.time(within);
    }

    AssertionError failure(String expected, String came) {
        return Report.failure(scene, strand, expected, came);
    }
}
