// SPDX-License-Identifier: Apache-2.0

package io.hawser.tck;

import org.reactivestreams.tck.TestEnvironment;

/** How long the suite waits. */
public final class Patience {
    /** For a signal that must come: a guard against hanging, far above what any takes. */
    private static final long SIGNAL_MILLIS = 5_000;

    /** For a signal that must not come. */
    private static final long SILENCE_MILLIS = 20;

    /**
     * For an error that must come. The suite means to ask for it again and again until {@link #SIGNAL_MILLIS} are over, but miscounts what is left,
     * and asks once.
     */
    private static final long ERROR_MILLIS = 1_000;

    /** Until a reference that must be dropped is found dropped. */
    public static final long GC_MILLIS = 5_000;

    private Patience() {}

    /** Where the suite runs. */
    public static TestEnvironment environment() {
        return new TestEnvironment(SIGNAL_MILLIS, SILENCE_MILLIS, ERROR_MILLIS);
    }
}
