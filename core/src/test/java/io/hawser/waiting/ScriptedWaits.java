// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Surroundings of one thread, in which what happens while that waits is a test's script: one step whenever it is parked, after which it goes
 * on whether it was woken or not. It fails where the thread would wait for ever.
 */
public final class ScriptedWaits extends HandMovedClock {
    private final ArrayDeque<Runnable> steps;
    private boolean permitted;
    private int wakeUps;

    /** What happens, one wait after another. */
    public ScriptedWaits(Runnable... steps) {
        super(1);
        this.steps = new ArrayDeque<>(List.of(steps));
    }

    /** How often a thread was woken. */
    public int wakeUps() {
        return wakeUps;
    }

    /** Whether the whole script was played. */
    public boolean isOver() {
        return steps.isEmpty();
    }

    @Override
    public void park(Object blocker) {
        if (steps.isEmpty() && !permitted) {
            throw new AssertionError("waits for ever: " + blocker);
        }
        permitted = false;
        if (!steps.isEmpty()) {
            steps.remove().run();
        }
    }

    @Override
    public void unpark(Thread waiting) {
        permitted = true;
        wakeUps++;
    }
}
