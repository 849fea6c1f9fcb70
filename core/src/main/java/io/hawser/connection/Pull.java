// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Asks a publisher for one element at a time, and for the next while the last could leave: so a slow peer stops the source. The loop's own. */
final class Pull {
    private final BooleanSupplier mayLeave;
    private Flow.@Nullable Subscription subscription;
    private boolean requested;
    private boolean pulling;
    private boolean done;

    /**
     * Asks for nothing until it is {@linkplain #open opened}.
     *
     * @param mayLeave whether an element that came now could leave; whoever says no calls {@link #goOn} later
     */
    Pull(BooleanSupplier mayLeave) {
        this.mayLeave = mayLeave;
    }

    void open(Flow.Subscription opened) {
        if (subscription != null || done) {
            opened.cancel(); // Reactive Streams 2.5: at most one subscription
        } else {
            subscription = opened;
            goOn();
        }
    }

    /** What was asked for has come. */
    void received() {
        requested = false;
    }

    /** Asks while elements can leave. A source that answers within the request does not deepen the stack. */
    void goOn() {
        if (pulling) {
            return;
        }
        pulling = true;
        while (subscription != null && !done && !requested && mayLeave.getAsBoolean()) {
            requested = true;
            subscription.request(1);
        }
        pulling = false;
    }

    /** Nothing more is asked for, since the publisher has ended. */
    void end() {
        done = true;
    }

    boolean isEnded() {
        return done;
    }

    void cancel() {
        done = true;
        if (subscription != null) {
            subscription.cancel();
            subscription = null;
        }
    }
}
