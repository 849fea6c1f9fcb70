// SPDX-License-Identifier: Apache-2.0

package io.hawser.interleaving;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of a scenario's threads, one at a time, in an order that is given by the choices at its forks. */
final class Run {
    private static final Duration HANG_GUARD = Duration.ofSeconds(30);

    private final int[] given;
    private final int preemptionsAllowed;
    private final List<Fork> forks = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private int preemptions;
    private @Nullable Throwable failure;

    /** A point at which several threads could go on. */
    private record Fork(int choice, int options) {}

    /**
     * A run that begins as told, and from there on switches only where a thread cannot go on.
     *
     * @param preemptionsAllowed how often a thread that could go on may be stopped
     */
    Run(int[] given, int preemptionsAllowed) {
        this.given = given;
        this.preemptionsAllowed = preemptionsAllowed;
    }

    Member start(Thread.Builder builder, Runnable task) {
        Member member = new Member(this, builder, task);
        members.add(member);
        member.thread.start();
        return member;
    }

    @Nullable Member member(Thread thread) {
        return members.stream().filter(member -> member.thread.equals(thread)).findFirst().orElse(null);
    }

    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Runs the threads to their ends. */
    void run(List<Runnable> threads) throws InterruptedException {
        threads.forEach(thread -> start(Thread.ofVirtual(), thread));
        next(null);
        if (!over.await(HANG_GUARD.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("a thread waits for something that this exploration does not know of: " + this);
        }
        if (failure != null) {
            throw new AssertionError("in the order " + this, failure);
        }
    }

    /**
     * Chooses who goes on, and gives him the baton if that is another.
     *
     * @param now who ran up to here; null at the beginning
     */
    @Nullable Member next(@Nullable Member now) {
        boolean goesOn = now != null && now.canRun();
        if (goesOn && preemptions == preemptionsAllowed && failure == null) {
            return now; // nearly every step is one of these
        }
        List<Member> options = options(goesOn ? now : null);
        if (options.isEmpty() || failure != null) {
            if (failure == null && !members.stream().allMatch(Member::isDone)) {
                fail(new AssertionError("threads wait, and nobody is left to wake them"));
            }
            over.countDown();
            return null; // what still waits then, waits for ever, and is collected
        }
        Member chosen = options.get(choose(options.size()));
        if (goesOn && chosen != now) {
            preemptions++;
        }
        if (chosen != now) {
            chosen.giveBaton();
        }
        return chosen;
    }

    /** Who can run: first who does, if he goes on. */
    private List<Member> options(@Nullable Member goingOn) {
        List<Member> options = new ArrayList<>(members.size());
        if (goingOn != null) {
            options.add(goingOn);
        }
        for (Member member : members) {
            if (member != goingOn && member.canRun()) {
                options.add(member);
            }
        }
        return options;
    }

    private int choose(int options) {
        if (options == 1) {
            return 0;
        }
        int choice = forks.size() < given.length ? given[forks.size()] : 0;
        forks.add(new Fork(choice, options));
        return choice;
    }

    /** The choices of the run that comes after this one; null if this was the last. */
    int @Nullable [] following() {
        for (int i = forks.size() - 1; i >= 0; i--) {
            if (forks.get(i).choice() + 1 < forks.get(i).options()) {
                int[] choices = forks.subList(0, i + 1).stream().mapToInt(Fork::choice).toArray();
                choices[i]++;
                return choices;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return Arrays.toString(forks.stream().mapToInt(Fork::choice).toArray());
    }
}
