// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

/** A thread of the world, of a handler or of what the library begins for one. Guarded by the world's lock. */
final class Member {
    /** What such a thread is at. */
    enum State {
        /** It may go on, and waits for its turn. */
        READY,
        /** It has its turn. */
        RUNNING,
        /** Its turn is over, but it waits outside of the library, or computes: it may do anything at any time. */
        OUTSIDE,
        /** It waits inside the library. */
        RESTING,
        /** It has ended. */
        ENDED
    }

    final Thread thread;
    State state = State.READY;
    /** Whether it was woken before it rested. */
    boolean permit;

    Member(Thread thread) {
        this.thread = thread;
    }

    @Override
    public String toString() {
        return thread.getName() + " (" + thread.threadId() + ")";
    }
}
