// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.waiting.Belonging;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What makes a world go: the thread of the test, while it waits for something, runs the loop's tasks and lends threads their turn. */
final class Driver {
    /** Above what any test does at one instant. */
    private static final long MOST_STEPS = 5_000_000;
    /** And when it ends. */
    private static final int MOST_LAST_STEPS = 100_000;

    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** How long, of real time, threads of which nothing is known are given to bring on what is missed. */
    private static final long LONGEST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** How long, of real time, threads have at least to end when they are interrupted. */
    private static final long LEAST_TO_END_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final World world;
    private final ReentrantLock lock;
    private final Condition changed;
    private final Agenda agenda;
    private final Crew crew;
    private final @Nullable SplittableRandom order;
    private final LoopGuard guard;
    private volatile long patienceNanos;

    // Guarded by the lock
    /** How much the library awaits that comes from elsewhere. */
    private int promised;
    private boolean ownerWoken;

    /** The test's thread. */
    private volatile Thread owner = Thread.currentThread();
    private final AtomicReference<@Nullable Thread> driving = new AtomicReference<>();
    /** Whether the one who drives is the loop now. */
    private volatile boolean looping;
    private volatile boolean ended;
    /** When it was driven last, of real time. */
    private volatile long drivenNanos = System.nanoTime();

    /**
     * What makes a world go, for the calling thread.
     *
     * @param order draws who goes on; null for the order in which they could
     * @param patienceNanos how long, of real time, it is waited for what does not wait inside the library
     */
    Driver(World world, Agenda agenda, Crew crew, @Nullable SplittableRandom order, long patienceNanos) {
        this.world = world;
        this.lock = agenda.lock();
        this.changed = agenda.changed();
        this.agenda = agenda;
        this.crew = crew;
        this.order = order;
        this.patienceNanos = patienceNanos;
        this.guard = new LoopGuard(patienceNanos);
        Belonging.add(owner, world);
    }

    // ---- for any thread

    boolean inLoop() {
        return looping && Thread.currentThread().equals(driving.get());
    }

    /** Counts what is promised from elsewhere. */
    void addPromised(int more) {
        lock.lock();
        try {
            promised += more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes a thread that is none of the crew. */
    void unpark(Thread waiting) {
        lock.lock();
        try {
            ownerWoken |= waiting.equals(owner);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(waiting);
    }

    /** Blocks a thread that is neither of the crew nor the test's, which is to drive meanwhile. */
    void parkStranger(Object blocker) {
        long patience = Math.max(patienceNanos, LONGEST_GRACE_NANOS);
        long began = System.nanoTime();
        LockSupport.parkNanos(blocker, patience);
        boolean waitedInVain = System.nanoTime() - began >= patience;
        if (waitedInVain && !ended && driving.get() == null && drivenNanos - began < 0) {
            throw new Stuck(Thread.currentThread() + " waits in memory, but " + owner + ", whose test this is, does nothing to bring it on;"
                    + " let that expect, settle or block, or make the test this thread's by settling, expecting, or HawserTest.client() on it");
        }
    }

    // ---- for the test's thread

    /** Whether this is the test's thread, outside of handlers. */
    boolean isOwner() {
        return Thread.currentThread().equals(owner) && !inLoop();
    }

    /** Makes the calling thread the test's, unless it is a handler's, or another one drives. */
    void adopt() {
        Thread self = Thread.currentThread();
        if (driving.get() == null && !crew.has(self)) {
            Belonging.remove(owner, world);
            owner = self;
            Belonging.add(self, world);
        }
    }

    /** Takes note that the test's thread was woken. */
    boolean takeWakeUp() {
        lock.lock();
        try {
            boolean woken = ownerWoken;
            ownerWoken = false;
            return woken;
        } finally {
            lock.unlock();
        }
    }

    /** Runs what can go on now, as far as that comes to an end, without waiting for what cannot. */
    void runReady() {
        boolean first = begin();
        try {
            Runnable step = next(agenda.nanoTime());
            for (int steps = 0; step != null && steps < MOST_LAST_STEPS; steps++) {
                step.run();
                step = next(agenda.nanoTime());
            }
            if (step != null) {
                agenda.add(step);
            }
        } finally {
            finish(first);
        }
    }

    /** From now on patience is at least what threads need to end. */
    void beginTheEnd() {
        patienceNanos = Math.max(patienceNanos, LEAST_TO_END_NANOS);
    }

    void leave() {
        ended = true;
        Belonging.remove(owner, world);
    }

    /** Whether it came to what was waited for. If not, nothing is left to do up to the deadline, which is the present instant then. */
    boolean drive(BooleanSupplier until, long deadline) {
        boolean first = begin();
        try {
            return goOn(until, deadline);
        } finally {
            finish(first);
        }
    }

    /** All is at rest, but threads of which nothing is known may bring on what is waited for. */
    boolean awaitStrangers(BooleanSupplier until) {
        long began = System.nanoTime();
        while (!drive(until, agenda.nanoTime())) {
            if (System.nanoTime() - began > Math.min(LONGEST_GRACE_NANOS, patienceNanos)) {
                return false;
            }
            glance();
        }
        return true;
    }

    /** Whether the calling thread was not driving already. */
    private boolean begin() {
        Thread self = Thread.currentThread();
        if (inLoop() || crew.has(self)) {
            throw new IllegalStateException("called by a handler; what drives a test is for the test's own thread");
        }
        if (self.equals(driving.get())) {
            return false; // by a condition that is waited for
        }
        adopt(); // each time, since another world may have been driven by it meanwhile
        if (!driving.compareAndSet(null, self)) {
            throw new IllegalStateException("a test is driven by one thread at a time, and %s is at it".formatted(driving.get()));
        }
        guard.drive(true);
        return true;
    }

    private void finish(boolean first) {
        if (first) {
            guard.drive(false);
            drivenNanos = System.nanoTime();
            driving.set(null);
        }
    }

    private boolean goOn(BooleanSupplier until, long deadline) {
        long began = System.nanoTime();
        long instant = agenda.nanoTime();
        long steps = 0;
        while (!until.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            Runnable step = next(deadline);
            steps = agenda.nanoTime() == instant ? steps + 1 : 0;
            instant = agenda.nanoTime();
            if (step != null) {
                requireAnEnd(steps);
                step.run();
                began = System.nanoTime();
            } else if (!awaitOthers()) {
                agenda.moveTo(deadline);
                return until.getAsBoolean();
            } else if (System.nanoTime() - began > patienceNanos) {
                throw new Stuck("waited " + TimeUnit.NANOSECONDS.toMillis(patienceNanos)
                        + " ms of real time, TestOptions.patience, for what waits outside of Hawser, where its clock does not reach"
                        + " (if it may rest there, TestOptions.restsOutside or holdForPromises says so):" + describeOthers());
            }
        }
        return true;
    }

    private static void requireAnEnd(long steps) {
        if (steps > MOST_STEPS) {
            throw new Stuck("something goes on for ever while the clock stands: " + MOST_STEPS + " steps, and still more to do");
        }
    }

    /** What is to be done next; null if there is nothing up to the deadline, as far as is known. */
    private @Nullable Runnable next(long deadline) {
        lock.lock();
        try {
            int ready = crew.readyCount();
            int others = order == null ? (agenda.hasTasks() ? 1 : 0) : agenda.choices();
            boolean threadsTurn = ready > 0 && (others == 0 || (order != null && order.nextInt(ready + others) < ready));
            if (threadsTurn) {
                Member member = crew.take(order);
                return () -> lend(member);
            }
            Runnable task = agenda.take(isHeld() ? agenda.nanoTime() : deadline);
            return task == null ? null : () -> loop(task);
        } finally {
            lock.unlock();
        }
    }

    /** Whether something elsewhere holds the clock; under the lock. */
    private boolean isHeld() {
        return promised > 0 || crew.isBusyOutside();
    }

    /** Waits for a moment of real time for what is elsewhere; false if nothing is. */
    private boolean awaitOthers() {
        lock.lock();
        try {
            if (!agenda.hasTasks() && crew.readyCount() == 0 && !isHeld()) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        glance();
        return true;
    }

    /** Blocks, in real time, until there is something to do. */
    void awaitTask() {
        lock.lock();
        try {
            while (!agenda.hasTasks() && crew.readyCount() == 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // who calls it looks again
    private void glance() {
        lock.lock();
        try {
            if (!agenda.hasTasks() && crew.readyCount() == 0) {
                changed.awaitNanos(GLANCE_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private static IllegalStateException interrupted() {
        return new IllegalStateException("the test's thread was interrupted");
    }

    private void loop(Runnable task) {
        looping = true;
        try {
            guard.run(task);
        } finally {
            looping = false;
        }
    }

    private void lend(Member member) {
        try {
            crew.lend(member, patienceNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private String describeOthers() {
        lock.lock();
        try {
            String stages = promised == 0 ? "" : "\n  " + promised + " stages that handlers returned and nobody has completed";
            return stages + crew.describe();
        } finally {
            lock.unlock();
        }
    }
}
