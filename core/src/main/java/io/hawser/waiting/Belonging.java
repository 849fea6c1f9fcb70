// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which threads belong to other surroundings than the system's. */
public final class Belonging {
    private static final Map<Thread, Surroundings> OTHERS = new ConcurrentHashMap<>();

    private Belonging() {}

    static Surroundings of(Thread thread) {
        Surroundings others = OTHERS.get(thread);
        return others == null ? Surroundings.ofSystem() : others;
    }

    /** From now on a thread belongs to these surroundings. */
    public static void add(Thread thread, Surroundings surroundings) {
        OTHERS.put(thread, surroundings);
    }

    /** A thread belongs to the system again, if it belonged to these. */
    public static void remove(Thread thread, Surroundings surroundings) {
        OTHERS.remove(thread, surroundings);
    }
}
