// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Request;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Finds out what holds up an event loop: looks at each loop from time to time, and names what one is busy with that is busy with the same
 * for too long; blames its handler only where the loop is in the application's code. Each is named once, and of one loop no more than one in a second, however many there are.
 */
public final class BlockedLoops {
    private static final String ADVICE =
            "do not block here: use direct(...) or an HttpHandler that is not async, or a thread of your own";
    private static final String NO_ADVICE =
            "no handler is at work there: perhaps the message is large, memory is short, or the processors are busy";
    /** Hawser, what it stands on, and the JDK: what else is on a loop's stack is the application's, or its libraries'. */
    private static final Pattern NOT_OF_APPLICATION = Pattern.compile(
            "io\\.hawser\\.([A-Z]|(netty|network|connection|waiting|server|client|protocol|testkit\\.memory)\\.).*|(io\\.netty|java|javax|jdk|sun)\\..*");
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long patienceNanos;
    private final BiConsumer<String, Throwable> told;
    private final List<Observed> loops = new CopyOnWriteArrayList<>();

    /**
     * Loops to be looked at.
     *
     * @param patience how long a loop may be busy with one thing
     * @param told takes a warning, and where in the code the loop's thread is
     */
    public BlockedLoops(Duration patience, BiConsumer<String, Throwable> told) {
        this.patienceNanos = patience.toNanos();
        this.told = told;
    }

    /** Looks at one more loop; any thread. */
    public void add(LoopWatch watch) {
        loops.add(new Observed(watch));
    }

    /** Looks at all loops; often enough to see one that is busy for too long at least twice. One thread at a time. */
    public void sample(long nowNanos) {
        loops.forEach(loop -> loop.sample(nowNanos));
    }

    /** Whether a place in the code is the application's, or of a library that it uses. */
    public static boolean isOfApplication(StackTraceElement frame) {
        return !NOT_OF_APPLICATION.matcher(frame.getClassName()).matches();
    }

    private final class Observed {
        private final LoopWatch watch;
        private long turn;
        private long sinceNanos;
        private boolean named;
        private boolean quiet;
        private long namedNanos;

        Observed(LoopWatch watch) {
            this.watch = watch;
        }

        void sample(long now) {
            long present = watch.turn();
            if (present != turn) {
                turn = present;
                sinceNanos = now;
                named = false;
                return;
            }
            boolean busy = (present & 1) == 1;
            if (busy && !named && now - sinceNanos >= patienceNanos) {
                named = true;
                name(now);
            }
        }

        private void name(long now) {
            quiet &= now - namedNanos < QUIET_NANOS;
            Request request = watch.subject(turn);
            if (quiet || request == null) {
                return;
            }
            StackTraceElement[] stack = watch.loop().getStackTrace();
            Throwable where = new Throwable("where " + watch.loop().getName() + " is");
            where.setStackTrace(stack);
            quiet = true;
            namedNanos = now;
            boolean inApplication = Arrays.stream(stack).anyMatch(BlockedLoops::isOfApplication);
            told.accept(
                    "%s %s, for %s, has held up an event loop for %d ms so far, and all its connections with it; %s".formatted(
                            inApplication ? "the handler of" : "what is done for",
                            request.path(),
                            request.remoteAddress(),
                            TimeUnit.NANOSECONDS.toMillis(now - sinceNanos),
                            inApplication ? ADVICE : NO_ADVICE),
                    where);
        }
    }
}
