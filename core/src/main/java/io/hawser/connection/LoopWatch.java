// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Request;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What an event loop is busy with, for {@link BlockedLoops} to look at. The loop notes the beginning and the end of each batch, with stores
 * that cost it no more than ordinary ones, and reads no clock.
 */
public final class LoopWatch {
    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(LoopWatch.class, "turn", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Thread loop;
    /** Counts beginnings and ends: odd while the loop is busy. Written behind {@link #subject}. */
    private long turn;
    /** Immutable, so that another thread may read it by a race. */
    private @Nullable Request subject;

    /** A watch of a loop, by its thread. */
    public LoopWatch(Thread loop) {
        this.loop = loop;
    }

    // ---- on the loop

    /** What follows is done for this request, or its connection; unless it is part of what is done for another. */
    public void enter(Request request) {
        if (subject == null) {
            subject = request;
            TURN.setRelease(this, turn + 1);
        }
    }

    /** What was {@linkplain #enter begun} has ended. */
    @SuppressWarnings("ReferenceEquality") // this very one: others are part of it
    public void leave(Request request) {
        if (subject == request) {
            subject = null;
            TURN.setRelease(this, turn + 1);
        }
    }

    // ---- for who watches, on any thread

    /** A number that differs for each thing that the loop does; odd while it is busy. */
    long turn() {
        return (long) TURN.getAcquire(this);
    }

    /** For whom the loop is busy in this turn; null if that is over. */
    @Nullable Request subject(long ofTurn) {
        Request seen = subject;
        VarHandle.acquireFence();
        return turn() == ofTurn ? seen : null;
    }

    /** The loop's thread. */
    Thread loop() {
        return loop;
    }
}
