// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.waiting.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One thread at a time, and a clock that moves only when all of them rest. */
@Tag("X4")
class WorldTest {
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final World world = new World(0, Duration.ofSeconds(10), thread -> false, true);
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void end() {
        world.end();
    }

    private static World impatient() {
        return new World(0, Duration.ofMillis(20), thread -> false, true);
    }

    @Test
    void runsNothingUnlessItIsDriven() {
        world.execute(() -> notes.add("task"));
        world.start("thread", () -> notes.add("thread"));
        world.schedule(() -> notes.add("timer"), Duration.ZERO);
        assertThat(notes).isEmpty();
        world.settle();
        assertThat(notes).containsExactly("task", "thread", "timer");
    }

    @Test
    void letsThreadsTakeTurns() {
        for (String name : List.of("a", "b", "c")) {
            world.start(name, () -> {
                for (int turn = 0; turn < 3; turn++) {
                    notes.add(name + turn);
                    world.unpark(Thread.currentThread());
                    world.park(this); // woken already: no reason to give the turn away
                    Thread self = Thread.currentThread();
                    world.execute(() -> world.unpark(self));
                    world.park(this);
                }
            });
        }
        world.settle();
        assertThat(notes).containsExactly("a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2");
    }

    @Test
    void drawsTheOrderFromTheSeed() {
        Set<List<String>> orders = new HashSet<>();
        for (int seed = 1; seed <= 20; seed++) {
            List<String> order = orderOf(seed);
            assertThat(orderOf(seed)).isEqualTo(order);
            orders.add(order);
        }
        assertThat(orders).hasSizeGreaterThan(3);
    }

    private static List<String> orderOf(int seed) {
        World drawn = new World(seed, A_SECOND, thread -> false, true);
        List<String> order = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            drawn.start(name, () -> order.add(name));
        }
        drawn.execute(() -> order.add("task"));
        drawn.settle();
        drawn.end();
        return order;
    }

    @Test
    void showsEachTimerItsInstant() {
        for (int seconds : List.of(3, 1, 2)) {
            world.schedule(() -> notes.add(seconds + " at " + world.elapsed().toSeconds()), Duration.ofSeconds(seconds));
        }
        Runnable cancel = world.schedule(() -> notes.add("cancelled"), A_SECOND);
        cancel.run();
        world.advance(Duration.ofMillis(2_500));
        assertThat(notes).containsExactly("1 at 1", "2 at 2");
        assertThat(world.elapsed()).isEqualTo(Duration.ofMillis(2_500));
        assertThat(world.instant()).isEqualTo("2030-01-01T00:00:02.500Z");
        assertThat(world.timers()).isEqualTo(1);
        world.advance(A_SECOND);
        assertThat(notes).containsExactly("1 at 1", "2 at 2", "3 at 3");
    }

    @Test
    void holdsTheClockWhileAThreadComputes() {
        world.schedule(() -> notes.add("timer"), A_SECOND);
        world.start("computing", () -> {
            long began = System.nanoTime();
            while (System.nanoTime() - began < Duration.ofMillis(20).toNanos()) {
                Thread.onSpinWait();
            }
            notes.add("computed");
        });
        world.advance(A_SECOND);
        assertThat(notes).containsExactly("computed", "timer");
    }

    @Test
    void holdsTheClockWhileAThreadWaitsElsewhere() {
        CountDownLatch latch = new CountDownLatch(1);
        CountDownLatch besideIt = new CountDownLatch(1);
        world.schedule(() -> notes.add("timer"), A_SECOND);
        world.start("waiting", () -> {
            await(latch);
            notes.add("let on at " + world.elapsed().toSeconds());
        });
        world.start("beside it", () -> {
            notes.add("beside it");
            besideIt.countDown();
        });
        Thread.ofPlatform().daemon().start(() -> {
            await(besideIt);
            latch.countDown();
        });
        world.advance(A_SECOND);
        assertThat(notes).containsExactly("beside it", "let on at 0", "timer");
    }

    @Test
    void letsAThreadBringOnAnotherThatWaitsElsewhere() {
        CompletableFuture<String> queue = new CompletableFuture<>();
        world.start("taking", () -> notes.add(queue.join()));
        world.start("giving", () -> queue.complete("given"));
        world.settle();
        assertThat(notes).containsExactly("given");
    }

    @Test
    void saysWhereAThreadWaitsElsewhereForTooLong() {
        World impatient = impatient();
        CountDownLatch latch = new CountDownLatch(1);
        impatient.start("handler of /slow", () -> await(latch));
        assertThatThrownBy(impatient::settle)
                .isInstanceOf(Stuck.class)
                .hasMessageContaining("waits outside of Hawser")
                .hasMessageContaining("handler of /slow")
                .hasMessageContaining("CountDownLatch.await")
                .hasMessageContaining("WorldTest.await");
        latch.countDown();
        impatient.end();
    }

    @Test
    void movesTheClockPastThreadsThatAreSaidToRest() {
        CountDownLatch latch = new CountDownLatch(1);
        World tolerant = new World(0, A_SECOND, thread -> thread.getName().equals("resting"), true);
        tolerant.start("resting", () -> await(latch));
        tolerant.schedule(() -> notes.add("timer"), A_SECOND);
        tolerant.advance(A_SECOND);
        assertThat(notes).containsExactly("timer");
        latch.countDown();
        tolerant.end();
    }

    @Test
    void holdsTheClockForAThreadThatMayRestButComputes() {
        CountDownLatch latch = new CountDownLatch(1);
        World tolerant = new World(0, Duration.ofSeconds(10), thread -> true, true);
        tolerant.schedule(() -> notes.add("timer"), A_SECOND);
        tolerant.start("resting, then computing", () -> {
            await(latch);
            long began = System.nanoTime();
            while (System.nanoTime() - began < Duration.ofMillis(50).toNanos()) {
                Thread.onSpinWait();
            }
            notes.add("computed");
        });
        tolerant.settle();
        latch.countDown();
        tolerant.advance(A_SECOND);
        assertThat(notes).containsExactly("computed", "timer");
        tolerant.end();
    }

    @Test
    void refusesAPromiseThatIsNone() {
        assertThatThrownBy(() -> world.holdFor(null)).isInstanceOf(NullPointerException.class);
        world.advance(A_SECOND);
        assertThat(world.elapsed()).isEqualTo(A_SECOND);
    }

    @Test
    void holdsTheClockForWhatIsPromised() {
        CompletableFuture<String> promised = new CompletableFuture<>();
        world.schedule(() -> notes.add("timer"), A_SECOND);
        world.holdFor(promised);
        promised.thenAccept(notes::add);
        Thread.ofPlatform().daemon().start(() -> promised.complete("kept"));
        world.advance(A_SECOND);
        assertThat(notes).containsExactly("kept", "timer");
    }

    @Test
    void saysThatAPromiseIsNotKept() {
        World impatient = impatient();
        impatient.holdFor(new CompletableFuture<>());
        assertThatThrownBy(impatient::settle)
                .isInstanceOf(Stuck.class)
                .hasMessageContaining("1 stages that handlers returned and nobody has completed");
    }

    @Test
    void drivesWhileTheTestsThreadBlocks() {
        Thread test = Thread.currentThread();
        world.schedule(() -> world.unpark(test), Duration.ofHours(1));
        world.park(this);
        assertThat(world.elapsed()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void saysThatTheTestsThreadWaitsInVain() {
        World impatient = impatient();
        assertThatThrownBy(() -> impatient.park(this))
                .isInstanceOf(Stuck.class)
                .hasMessageContaining("waits for what never comes");
    }

    @Test
    void endsAWaitByAnInterrupt() {
        Thread waiting = world.start("waiting", () -> {
            world.park(this);
            notes.add("interrupted " + Thread.interrupted());
            world.park(this);
            notes.add("interrupted " + Thread.currentThread().isInterrupted());
            world.park(this); // at once
        });
        world.settle();
        world.interrupt(waiting);
        assertThat(notes).isEmpty();
        world.settle();
        assertThat(notes).containsExactly("interrupted true");
        waiting.interrupt(); // past the world
        assertThat(world.await(() -> notes.size() == 2, Duration.ZERO)).isTrue();
        assertThat(notes.get(1)).isEqualTo("interrupted true");
    }

    @Test
    void saysThatSomethingGoesOnForEver() {
        World endless = impatient();
        endless.execute(new Runnable() {
            @Override
            public void run() {
                endless.execute(this);
            }
        });
        assertThatThrownBy(endless::settle).isInstanceOf(Stuck.class).hasMessageContaining("goes on for ever while the clock stands");
    }

    @Test
    void endsAtAnInterruptThoughSomethingGoesOn() {
        Thread test = Thread.currentThread();
        World endless = new World(0, A_SECOND, thread -> false, true);
        int[] steps = new int[1];
        endless.execute(new Runnable() {
            @Override
            public void run() {
                if (++steps[0] == 1_000) {
                    test.interrupt();
                }
                endless.execute(this);
            }
        });
        assertThatThrownBy(endless::settle).isInstanceOf(IllegalStateException.class).hasMessage("the test's thread was interrupted");
        assertThat(Thread.interrupted()).isTrue();
        endless.end();
    }

    @Test
    void tellsAThreadThatWaitsWhereNobodyDrives() {
        World impatient = impatient();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread.ofPlatform().name("stranger").daemon().start(() -> {
            try {
                while (true) {
                    impatient.park(this);
                }
            } catch (Stuck stuck) {
                thrown.complete(stuck);
            }
        });
        assertThat(thrown.join()).hasMessageContaining("stranger").hasMessageContaining("whose test this is, does nothing to bring it on");
    }

    @Test
    void belongsToTheThreadThatAdoptsIt() throws InterruptedException {
        Thread adopting = Thread.ofPlatform().start(() -> {
            world.adopt();
            Thread self = Thread.currentThread();
            world.schedule(() -> world.unpark(self), A_SECOND);
            world.park(this);
            notes.add("at " + world.elapsed().toSeconds());
        });
        adopting.join();
        assertThat(notes).containsExactly("at 1");
    }

    @Test
    void endsWhatBlocksTheLoop() {
        World impatient = impatient();
        CountDownLatch never = new CountDownLatch(1);
        impatient.execute(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                notes.add("interrupted");
            }
        });
        assertThatThrownBy(impatient::settle)
                .isInstanceOf(Stuck.class)
                .hasMessageContaining("blocked the event loop")
                .hasMessageContaining("CountDownLatch.await");
        assertThat(notes).containsExactly("interrupted");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        impatient.end();
    }

    /** What is due at one instant comes in any order, if there is a seed; so does what that brings on. */
    @Test
    void drawsTheOrderOfWhatIsDueAtOneInstant() {
        Map<String, Integer> orders = new TreeMap<>();
        for (int seed = 1; seed <= 200; seed++) {
            World drawn = new World(seed, A_SECOND, thread -> false, true);
            StringBuilder order = new StringBuilder();
            for (String name : List.of("a", "b", "c")) {
                drawn.start(name, () -> {
                    Thread self = Thread.currentThread();
                    drawn.scheduleOnLoop(() -> drawn.unpark(self), A_SECOND.toNanos());
                    drawn.park(this);
                    order.append(name);
                });
            }
            drawn.advance(A_SECOND);
            orders.merge(order.toString(), 1, Integer::sum);
            drawn.end();
        }
        assertThat(orders).hasSize(6).allSatisfy((order, count) -> assertThat(count).isGreaterThan(10));
    }

    @Test
    void refusesToBeDrivenByAHandler() {
        world.start("handler", () -> {
            try {
                world.settle();
            } catch (IllegalStateException e) {
                notes.add(e.getMessage());
            }
        });
        world.execute(() -> assertThatThrownBy(world::settle).isInstanceOf(IllegalStateException.class));
        world.settle();
        assertThat(notes).containsExactly("called by a handler; what drives a test is for the test's own thread");
    }

    @Test
    void knowsWhoBelongsToIt() {
        assertThat(Surroundings.current()).isSameAs(world);
        world.start("handler", () -> notes.add("" + Surroundings.current().equals(world)));
        world.settle();
        assertThat(notes).containsExactly("true");
        CompletableFuture<Surroundings> seen = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> seen.complete(Surroundings.current()));
        assertThat(seen.join()).isSameAs(Surroundings.ofSystem());
    }

    @Test
    void letsAThreadGoOnThatLostItsTurnBeforeItWokeUp() throws InterruptedException {
        World hasty = new World(0, Duration.ZERO, thread -> false, true);
        CountDownLatch began = new CountDownLatch(1);
        hasty.start("slow to wake up", began::countDown);
        try {
            hasty.settle();
        } catch (Stuck e) {
            // it has no patience
        }
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
        hasty.end();
    }

    @Test
    void leavesItsThreadThoughItCannotEnd() {
        World given = new World(0, Duration.ofSeconds(10), thread -> false, true);
        CountDownLatch never = new CountDownLatch(1);
        given.start("waits", () -> await(never));
        Thread.currentThread().interrupt();
        assertThatThrownBy(given::end).isInstanceOf(IllegalStateException.class).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Surroundings.current()).isNotSameAs(given);
        never.countDown();
    }

    @Test
    void wakesStrangers() {
        CountDownLatch parked = new CountDownLatch(1);
        Thread stranger = Thread.ofPlatform().daemon().start(() -> {
            parked.countDown();
            world.park(this);
            notes.add("woken");
        });
        await(parked);
        assertThat(world.await(
                        () -> {
                            world.unpark(stranger);
                            return notes.contains("woken");
                        },
                        Duration.ZERO))
                .isTrue();
    }

    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
