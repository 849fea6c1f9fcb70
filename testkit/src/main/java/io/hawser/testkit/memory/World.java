// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.waiting.Belonging;
import io.hawser.waiting.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * One event loop, a clock, and the threads of handlers, run by whoever waits for something: the test's thread. Only one of them runs at a
 * time, so that what happens depends on the seed alone; and the clock moves only when each thread waits inside the library and the loop has
 * nothing to do. What waits elsewhere holds the clock.
 */
public final class World implements Surroundings {
    /** How long the test's thread may block, of the world's time. */
    private static final Duration LONGEST_BLOCK = Duration.ofDays(1);

    private static final Instant FIRST_DATE = Instant.parse("2030-01-01T00:00:00Z");

    private final ReentrantLock lock = new ReentrantLock();
    private final Agenda agenda;
    private final Crew crew;
    private final Driver driver;
    private final boolean holdForPromises;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    /** Guarded by the lock. */
    private final SplittableRandom chance;

    /**
     * A world, whose owner is the calling thread.
     *
     * @param seed of chance; with 0 threads take turns in the order in which they could
     * @param patience how long, of real time, it is waited for what does not wait inside the library
     * @param restsOutside which threads are at rest when they wait elsewhere
     * @param holdForPromises whether what handlers have promised holds the clock
     */
    public World(long seed, Duration patience, Predicate<? super Thread> restsOutside, boolean holdForPromises) {
        Condition changed = lock.newCondition();
        SplittableRandom order = seed == 0 ? null : new SplittableRandom(seed);
        this.agenda = new Agenda(lock, changed, order);
        this.crew = new Crew(lock, changed, restsOutside);
        this.driver = new Driver(this, agenda, crew, order, nanosOf(patience));
        this.holdForPromises = holdForPromises;
        this.chance = new SplittableRandom(seed);
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

    /** What each thread of the application is at; one a line. */
    public List<String> whereabouts() {
        return crew.whereabouts();
    }

    /** How many timers are set. */
    public int timers() {
        return agenda.timers();
    }

    /** Makes the calling thread the test's: it drives when it blocks. Without effect on threads of handlers. */
    public void adopt() {
        driver.adopt();
    }

    /** Runs until nothing is left to do now; the clock stands still. */
    public void settle() {
        driver.drive(() -> false, nanoTime());
    }

    /** Runs until nothing is left to do up to a later instant, which it is then. */
    public void advance(Duration time) {
        driver.drive(() -> false, nanoTime() + nanosOf(time));
    }

    /**
     * Runs until something is so.
     *
     * @param within how much time may pass
     * @return whether it came to that
     */
    public boolean await(BooleanSupplier until, Duration within) {
        return driver.drive(until, nanoTime() + nanosOf(within)) || driver.awaitStrangers(until);
    }

    /** Blocks, in real time, until there is something to do; for a thread that drives on behalf of others. */
    public void awaitTask() {
        driver.awaitTask();
    }

    /** Runs a task on the loop, and until it has run. */
    public void onLoop(Runnable task) {
        boolean[] done = new boolean[1];
        execute(() -> {
            done[0] = true;
            task.run();
        });
        driver.drive(() -> done[0], nanoTime());
    }

    /** Lets go on what can now, then interrupts the threads that are left, and waits for their end. */
    public void end() {
        driver.beginTheEnd();
        try {
            driver.runReady();
            crew.threads().forEach(this::interrupt);
            if (!await(() -> crew.threads().isEmpty(), Duration.ZERO)) {
                throw new Stuck("these threads of handlers do not end although they were interrupted: " + crew.threads());
            }
        } finally {
            driver.leave();
        }
    }

    /** A duration, of which a century is the longest. */
    static long nanosOf(Duration time) {
        return time.compareTo(Duration.ofNanos(Agenda.LONGEST_NANOS)) > 0 ? Agenda.LONGEST_NANOS : time.toNanos();
    }

    // ---- the loop, for wires and any thread

    boolean inLoop() {
        return driver.inLoop();
    }

    @Override
    public boolean isOnLoop() {
        return inLoop();
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
        Objects.requireNonNull(promised);
        if (holdForPromises) {
            driver.addPromised(1);
            promised.whenComplete((result, failure) -> driver.addPromised(-1));
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
        if (crew.has(Thread.currentThread())) {
            crew.park();
        } else if (driver.isOwner()) {
            awaitWakeUp();
        } else {
            driver.parkStranger(blocker);
        }
    }

    /** The test's thread blocks: meanwhile it drives. */
    private void awaitWakeUp() {
        if (!await(() -> driver.takeWakeUp() || Thread.currentThread().isInterrupted(), LONGEST_BLOCK)) {
            throw new Stuck("the test's thread waits for what never comes: nothing woke it in %d h of virtual time, and nothing is left to do"
                    .formatted(LONGEST_BLOCK.toHours()));
        }
    }

    @Override
    public void unpark(Thread waiting) {
        if (!crew.unpark(waiting)) {
            driver.unpark(waiting);
        }
    }

    @Override
    public void interrupt(Thread running) {
        crew.interrupt(running);
    }
}
