// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.connection.BlockedLoops;
import io.hawser.testkit.memory.Member.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a world, which take turns: one has its turn until it waits inside the library or ends. One that waits elsewhere gives its
 * turn away as well, and goes on beside the others when it can.
 */
final class Crew {
    /** How long a thread that has its turn is left alone before it is looked at, and how often it must be seen to wait. */
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int GLANCES = 10;

    private final ReentrantLock lock;
    private final Condition changed;
    private final Predicate<? super Thread> restsOutside;
    private final ArrayList<Member> ready = new ArrayList<>();
    private final Map<Thread, Member> members = new LinkedHashMap<>();
    /** The same threads, for those who must not lock: that could take the permit of a thread that was woken, which would park for good. */
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /**
     * No threads so far.
     *
     * @param lock guards all that is here; held by whoever calls what is said to need it
     * @param changed is signalled when something may go on
     * @param restsOutside which threads are at rest when they wait elsewhere
     */
    Crew(ReentrantLock lock, Condition changed, Predicate<? super Thread> restsOutside) {
        this.lock = lock;
        this.changed = changed;
        this.restsOutside = restsOutside;
    }

    // ---- for the one who drives, under the lock

    int readyCount() {
        return ready.size();
    }

    /** Takes one that could go on, for its turn: the first, or any. */
    Member take(@Nullable RandomGenerator order) {
        Member member = ready.remove(order == null ? 0 : order.nextInt(ready.size()));
        member.state = State.RUNNING;
        return member;
    }

    /** Whether one of them waits elsewhere and is not at rest there, or computes. */
    boolean isBusyOutside() {
        return members.values().stream().anyMatch(this::isBusyOutside);
    }

    /** One that is said to rest does so only while it waits: woken by another handler it computes, with the clock held. */
    private boolean isBusyOutside(Member member) {
        return member.state == State.OUTSIDE && !(isWaiting(member.thread) && restsOutside.test(member.thread));
    }

    /** What each thread is at, in the application's own code if it is there; one a line. */
    List<String> whereabouts() {
        lock.lock();
        try {
            return members.values().stream().map(Crew::whereabouts).toList();
        } finally {
            lock.unlock();
        }
    }

    private static String whereabouts(Member member) {
        String place = Arrays.stream(member.thread.getStackTrace())
                .filter(BlockedLoops::isOfApplication)
                .findFirst()
                .map(frame -> ", " + frame)
                .orElse("");
        return member + switch (member.state) {
            case READY, RUNNING -> " could go on" + place;
            case OUTSIDE -> " waits outside of Hawser, or computes" + place;
            case RESTING -> " waits" + place;
            case ENDED -> " has ended";
        };
    }

    /** Where threads are that wait elsewhere. */
    String describe() {
        StringBuilder text = new StringBuilder();
        for (Member member : members.values()) {
            if (member.state != State.OUTSIDE) {
                continue;
            }
            text.append("\n  ").append(member).append(", ").append(member.thread.getState()).append(stackOf(member.thread));
        }
        return text.toString();
    }

    /** Where a thread is, as failures show it. */
    static String stackOf(Thread thread) {
        return Arrays.stream(thread.getStackTrace()).map(frame -> "\n    at " + frame).collect(Collectors.joining());
    }

    // ---- for the one who drives

    /**
     * Lets a thread have its turn, until it rests, ends, or is seen to wait elsewhere.
     *
     * @param patienceNanos how long it may compute, in real time
     */
    void lend(Member member, long patienceNanos) throws InterruptedException {
        LockSupport.unpark(member.thread);
        long began = System.nanoTime();
        int glances = 0;
        lock.lockInterruptibly();
        try {
            while (member.state == State.RUNNING && glances < GLANCES && System.nanoTime() - began < patienceNanos) {
                changed.awaitNanos(GLANCE_NANOS);
                glances = isWaiting(member.thread) ? glances + 1 : 0;
            }
            if (member.state == State.RUNNING) {
                member.state = State.OUTSIDE;
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isWaiting(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    // ---- for any thread

    /** Begins a thread, which waits for its turn; {@code atEnd} runs on it behind all else. */
    Thread start(String name, Runnable body, Runnable atEnd) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            Member self = find(Thread.currentThread());
            try {
                awaitTurn(self);
                body.run();
            } finally {
                leave(self);
                atEnd.run();
            }
        });
        Member member = new Member(thread);
        lock.lock();
        try {
            members.put(thread, member);
            threads.add(thread);
            makeReady(member);
        } finally {
            lock.unlock();
        }
        thread.start();
        return thread;
    }

    private void leave(Member self) {
        lock.lock();
        try {
            self.state = State.ENDED;
            members.remove(self.thread);
            threads.remove(self.thread);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Those that have not ended. */
    List<Thread> threads() {
        lock.lock();
        try {
            return List.copyOf(members.keySet());
        } finally {
            lock.unlock();
        }
    }

    boolean has(Thread thread) {
        return threads.contains(thread);
    }

    private Member find(Thread thread) {
        lock.lock();
        try {
            return Objects.requireNonNull(members.get(thread));
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void makeReady(Member member) {
        member.state = State.READY;
        ready.add(member);
        changed.signalAll();
    }

    /** Blocks one of them, which is the calling thread. */
    void park() {
        Member self = find(Thread.currentThread());
        lock.lock();
        try {
            if (self.permit || self.thread.isInterrupted()) {
                self.permit = false;
                return;
            }
            self.state = State.RESTING;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        awaitTurn(self);
    }

    private void awaitTurn(Member self) {
        boolean interrupted = false;
        while (!hasTurn(self, interrupted)) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted(); // else it could not wait
        }
        if (interrupted) {
            self.thread.interrupt();
        }
    }

    private boolean hasTurn(Member self, boolean interrupted) {
        lock.lock();
        try {
            if (interrupted && self.state == State.RESTING) {
                makeReady(self);
            }
            // One that was slow to wake up may have lost its turn already, and goes on beside the others.
            return self.state == State.RUNNING || self.state == State.OUTSIDE;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes a thread, if it is one of them. */
    boolean unpark(Thread thread) {
        lock.lock();
        try {
            Member member = members.get(thread);
            if (member == null) {
                return false;
            }
            if (member.state == State.RESTING) {
                makeReady(member);
            } else {
                member.permit = true;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts a thread; one of them may go on then, if it rests. */
    void interrupt(Thread thread) {
        lock.lock();
        try {
            thread.interrupt();
            Member member = members.get(thread);
            if (member != null && member.state == State.RESTING) {
                makeReady(member);
            }
        } finally {
            lock.unlock();
        }
    }
}
