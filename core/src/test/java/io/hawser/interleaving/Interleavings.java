// SPDX-License-Identifier: Apache-2.0

package io.hawser.interleaving;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs the threads of a scenario one at a time, and in every order of their steps in which no more than so many times a thread is stopped
 * that could go on. A step ends before each access to what several threads see, in the classes that are explored: volatile fields, atomics
 * and concurrent queues, parking and waking. Parking never ends without a reason, so a missed wake-up leaves a thread waiting and fails.
 *
 * <p>It sees the orders of steps, as of sequentially consistent accesses, and nothing that comes of weaker ones, of interrupts or of time.
 */
public final class Interleavings {
    private Interleavings() {}

    /** What runs at the same time; a new one each run, made by its constructor without parameters. */
    public interface Scenario {
        /** The threads; they may start others. */
        List<Runnable> threads();

        /** Asserts what must hold when all threads have ended. */
        void verify();
    }

    /**
     * Explores a scenario.
     *
     * @param preemptions how often a thread may be stopped that could go on: most races need one or two
     * @param stepped the classes that are explored, with those nested in them
     * @return how many orders were run
     */
    public static int explore(Class<? extends Scenario> scenario, int preemptions, Class<?>... stepped) throws Exception {
        Constructor<? extends Scenario> constructor = new SteppedClasses(Set.of(stepped))
                .loadClass(scenario.getName())
                .asSubclass(Scenario.class)
                .getDeclaredConstructor();
        constructor.setAccessible(true);
        FutureTask<Integer> exploring = new FutureTask<>(() -> explore(constructor, preemptions));
        Thread.ofVirtual().start(exploring); // as the runs' own threads are: to wait for their end takes no part of the kernel
        try {
            return exploring.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error found) {
                throw found;
            }
            throw e;
        }
    }

    private static int explore(Constructor<? extends Scenario> constructor, int preemptions) throws Exception {
        int runs = 0;
        int[] choices = {};
        while (choices != null) {
            Scenario fresh = constructor.newInstance();
            Run run = new Run(choices, preemptions);
            run.run(fresh.threads());
            try {
                fresh.verify();
            } catch (AssertionError e) {
                throw new AssertionError("in the order " + run, e);
            }
            choices = run.following();
            runs++;
        }
        return runs;
    }
}
