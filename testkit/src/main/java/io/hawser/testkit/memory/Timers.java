// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to be done at later instants; of those with the same instant in the order in which they were set. Guarded by the world's lock. */
final class Timers {
    private final PriorityQueue<Timer> queue = new PriorityQueue<>(Timer.BY_INSTANT);
    private long made;

    /** One of them. */
    record Timer(long instant, long number, Runnable task) {
        // By difference, since instants overflow.
        static final Comparator<Timer> BY_INSTANT = (one, other) -> one.instant == other.instant
                ? Long.compare(one.number, other.number)
                : Long.compare(one.instant - other.instant, 0);
    }

    Timer add(long instant, Runnable task) {
        Timer timer = new Timer(instant, made++, task);
        queue.add(timer);
        return timer;
    }

    void remove(Timer timer) {
        queue.remove(timer);
    }

    /** Takes the first one, if it is due at an instant. */
    @Nullable Timer takeDue(long instant) {
        Timer first = queue.peek();
        return first != null && first.instant - instant <= 0 ? queue.remove() : null;
    }

    int size() {
        return queue.size();
    }
}
