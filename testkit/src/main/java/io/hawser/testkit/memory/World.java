// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.waiting.Belonging;
import io.hawser.waiting.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One event loop, a clock, and the threads of handlers, run by whoever waits for something: the test's thread. Only one of them runs at a
 * time, so that what happens depends on the seed alone; and the clock moves only when each thread waits inside the library and the loop has
 * nothing to do. What waits elsewhere holds the clock.
 */
public final class World implements Surroundings {
    /** How long the test's thread may block, of the world's time. */
    private static final Duration LONGEST_BLOCK = Duration.ofDays(1);
    /** How long, of real time, threads have at least to end when they are interrupted. */
    private static final long LEAST_TO_END_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Above what any test does at one instant. */
    private static final long MOST_STEPS = 5_000_000;

    private static final Instant FIRST_DATE = Instant.parse("2030-01-01T00:00:00Z");
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** How long, of real time, threads of which nothing is known are given to bring on what is missed. */
    private static final long LONGEST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long patienceNanos;
    private final boolean holdForPromises;
    private final @Nullable SplittableRandom order;
    private final SplittableRandom chance;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Agenda agenda = new Agenda(lock, changed);
    private final Crew crew;

    // Guarded by the lock
    /** How much the library awaits that comes from elsewhere. */
    private int awaited;
    private boolean ownerWoken;

    /** The test's thread. */
    private volatile Thread owner = Thread.currentThread();
    /** The thread that is the loop now. */
    private volatile @Nullable Thread looping;

    /**
     * A world, whose owner is the calling thread.
     *
     * @param seed of chance; with 0 threads take turns in the order in which they could
     * @param patience how long, of real time, it is waited for what does not wait inside the library
     * @param restsOutside which threads are at rest although they wait elsewhere
     * @param holdForPromises whether what handlers have promised holds the clock
     */
    public World(long seed, Duration patience, Predicate<? super Thread> restsOutside, boolean holdForPromises) {
        this.patienceNanos = patience.toNanos();
        this.holdForPromises = holdForPromises;
        this.order = seed == 0 ? null : new SplittableRandom(seed);
        this.chance = new SplittableRandom(seed);
        this.crew = new Crew(lock, changed, restsOutside);
        Belonging.add(owner, this);
    }

    // ---- for the test's thread

    /** What has passed since the beginning. */
    public Duration elapsed() {
        return Duration.ofNanos(nanoTime() - Agenda.FIRST_INSTANT);
    }

    /** What the application's code threw, in its order. */
    public List<Throwable> failures() {
        return failures;
    }

    /** How many timers are set. */
    public int timers() {
        return agenda.timers();
    }

    /** Runs until nothing is left to do now; the clock stands still. */
    public void settle() {
        drive(() -> false, nanoTime());
    }

    /** Runs until nothing is left to do up to a later instant, which it is then. */
    public void advance(Duration time) {
        drive(() -> false, nanoTime() + nanosOf(time));
    }

    /**
     * Runs until something is so.
     *
     * @param within how much time may pass
     * @return whether it came to that
     */
    public boolean await(BooleanSupplier until, Duration within) {
        return drive(until, nanoTime() + nanosOf(within)) || awaitStrangers(until);
    }

    /** Runs a task on the loop, and until it has run. */
    public void onLoop(Runnable task) {
        boolean[] done = new boolean[1];
        execute(() -> {
            done[0] = true;
            task.run();
        });
        drive(() -> done[0], nanoTime());
    }

    /** Interrupts the threads that are left, and waits for their end. */
    public void end() {
        patienceNanos = Math.max(patienceNanos, LEAST_TO_END_NANOS);
        crew.threads().forEach(this::interrupt);
        boolean ended = await(() -> crew.threads().isEmpty(), Duration.ZERO);
        Belonging.remove(owner, this);
        if (!ended) {
            throw new Stuck("these threads of handlers do not end although they were interrupted: " + crew.threads());
        }
    }

    private static long nanosOf(Duration time) {
        return time.compareTo(Duration.ofNanos(Agenda.LONGEST_NANOS)) > 0 ? Agenda.LONGEST_NANOS : time.toNanos();
    }

    // ---- driving

    /** Whether it came to what was waited for. If not, nothing is left to do up to the deadline, which is the present instant then. */
    private boolean drive(BooleanSupplier until, long deadline) {
        requireTest();
        long began = System.nanoTime();
        long instant = nanoTime();
        long steps = 0;
        while (!until.getAsBoolean()) {
            Runnable step = next(deadline);
            steps = nanoTime() == instant ? steps + 1 : 0;
            instant = nanoTime();
            if (steps > MOST_STEPS) {
                throw new Stuck("something goes on for ever while the clock stands: " + MOST_STEPS + " steps, and still more to do");
            } else if (step != null) {
                step.run();
                began = System.nanoTime();
            } else if (!awaitOthers()) {
                agenda.moveTo(deadline);
                return until.getAsBoolean();
            } else if (System.nanoTime() - began > patienceNanos) {
                throw new Stuck("waited %d ms of real time for what waits outside of Hawser, where its clock does not reach:%s"
                        .formatted(TimeUnit.NANOSECONDS.toMillis(patienceNanos), describeOthers()));
            }
        }
        return true;
    }

    /** All is at rest, but threads of which nothing is known may bring on what is waited for. */
    private boolean awaitStrangers(BooleanSupplier until) {
        long began = System.nanoTime();
        while (!drive(until, nanoTime())) {
            if (System.nanoTime() - began > Math.min(LONGEST_GRACE_NANOS, patienceNanos)) {
                return false;
            }
            glance();
        }
        return true;
    }

    private void requireTest() {
        Thread self = Thread.currentThread();
        if (self.equals(looping) || crew.has(self)) {
            throw new IllegalStateException("called by a handler; what drives a test is for the test's own thread");
        }
        if (!self.equals(owner)) {
            Belonging.remove(owner, this);
            owner = self;
        }
        Belonging.add(self, this); // each time: another world may have been driven by it meanwhile
    }

    /** What is to be done next; null if there is nothing up to the deadline, as far as is known. */
    private @Nullable Runnable next(long deadline) {
        lock.lock();
        try {
            int ready = crew.readyCount();
            boolean threadsTurn = ready > 0 && (!agenda.hasTasks() || (order != null && order.nextInt(ready + 1) < ready));
            if (threadsTurn) {
                Member member = crew.take(order);
                return () -> lend(member);
            }
            Runnable task = agenda.take(isHeld() ? nanoTime() : deadline);
            return task == null ? null : () -> loop(task);
        } finally {
            lock.unlock();
        }
    }

    /** Whether something elsewhere holds the clock; under the lock. */
    private boolean isHeld() {
        return awaited > 0 || crew.isBusyOutside();
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

    @SuppressWarnings("WaitNotInLoop") // who calls it looks again
    private void glance() {
        lock.lock();
        try {
            if (!agenda.hasTasks() && crew.readyCount() == 0) {
                changed.awaitNanos(GLANCE_NANOS);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the test's thread was interrupted");
    }

    private void loop(Runnable task) {
        looping = Thread.currentThread();
        try {
            task.run();
        } finally {
            looping = null;
        }
    }

    private void lend(Member member) {
        try {
            crew.lend(member, patienceNanos);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private String describeOthers() {
        lock.lock();
        try {
            String stages = awaited == 0 ? "" : "\n  " + awaited + " stages that handlers returned and nobody has completed";
            return stages + crew.describe();
        } finally {
            lock.unlock();
        }
    }

    // ---- the loop, for wires and any thread

    boolean inLoop() {
        return Thread.currentThread().equals(looping);
    }

    /** Runs a task on the loop, in a later turn. */
    public void execute(Runnable task) {
        agenda.add(task);
    }

    /** Runs a task on the loop after a time; returns how to cancel that. */
    Runnable scheduleOnLoop(Runnable task, long delayNanos) {
        return agenda.add(task, delayNanos);
    }

    // ---- surroundings, for any thread

    @Override
    public Instant instant() {
        return FIRST_DATE.plus(elapsed());
    }

    @Override
    public long nanoTime() {
        return agenda.nanoTime();
    }

    @Override
    public RandomGenerator newChance() {
        lock.lock();
        try {
            return chance.split();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void holdFor(CompletionStage<?> promised) {
        if (!holdForPromises) {
            return;
        }
        addAwaited(1);
        promised.whenComplete((result, failure) -> addAwaited(-1));
    }

    private void addAwaited(int more) {
        lock.lock();
        try {
            awaited += more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        failures.add(failure);
    }

    @Override
    public Runnable schedule(Runnable task, Duration delay) {
        return scheduleOnLoop(() -> start("hawser-timer", task), nanosOf(delay));
    }

    @Override
    public Thread start(String name, Runnable body) {
        Runnable belonging = () -> {
            Belonging.add(Thread.currentThread(), this);
            body.run();
        };
        return crew.start(name, belonging, () -> Belonging.remove(Thread.currentThread(), this));
    }

    @Override
    public void park(Object blocker) {
        Thread self = Thread.currentThread();
        if (crew.has(self)) {
            crew.park();
        } else if (self.equals(owner) && !inLoop()) {
            awaitWakeUp(blocker);
        } else {
            LockSupport.park(blocker);
        }
    }

    /** The test's thread blocks: meanwhile it drives. */
    private void awaitWakeUp(Object blocker) {
        if (!await(() -> takeWakeUp() || Thread.currentThread().isInterrupted(), LONGEST_BLOCK)) {
            throw new Stuck("the test's thread waits inside Hawser for what never comes: %s had nothing left to do after %s"
                    .formatted(blocker.getClass().getSimpleName(), elapsed()));
        }
    }

    private boolean takeWakeUp() {
        lock.lock();
        try {
            boolean woken = ownerWoken;
            ownerWoken = false;
            return woken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void unpark(Thread waiting) {
        if (crew.unpark(waiting)) {
            return;
        }
        lock.lock();
        try {
            ownerWoken |= waiting.equals(owner);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(waiting);
    }

    @Override
    public void interrupt(Thread running) {
        crew.interrupt(running);
    }
}
