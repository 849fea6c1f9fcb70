// SPDX-License-Identifier: Apache-2.0

package io.hawser.interleaving;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What stepped code calls instead of, or before, what other threads can see; threads outside an exploration pass through. */
public final class Steps {
    private static final ThreadLocal<Member> SELF = new ThreadLocal<>();

    private Steps() {}

    static void enter(Member self) {
        SELF.set(self);
    }

    /** Another thread may run here. */
    public static void step() {
        Member self = SELF.get();
        if (self != null) {
            self.step();
        }
    }

    /** Waits until something is so that another thread of the exploration makes so; to be called by scenarios. */
    public static void await(BooleanSupplier until) {
        member().await(until);
    }

    private static Member member() {
        Member self = SELF.get();
        if (self == null) {
            throw new IllegalStateException("not a thread of an exploration");
        }
        return self;
    }

    /** In place of {@link LockSupport#park(Object)}: it never returns without a reason, so that a wake-up missed is found. */
    public static void park(@Nullable Object blocker) {
        Member self = SELF.get();
        if (self == null) {
            LockSupport.park(blocker);
        } else {
            self.park();
        }
    }

    /** In place of {@link LockSupport#unpark}. */
    public static void unpark(Thread thread) {
        Member self = SELF.get();
        if (self == null || !self.unpark(thread)) {
            LockSupport.unpark(thread);
        }
    }

    /** In place of {@link Thread.Builder#start}. */
    public static Thread start(Thread.Builder builder, Runnable task) {
        Member self = SELF.get();
        return self == null ? builder.start(task) : self.startAnother(builder, task);
    }
}
