// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.junit;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is made when it is first asked for, by whichever of the tests that run at the same time, and closed if it was. */
final class OnDemand<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<? extends T> making;
    private final Consumer<? super T> closing;
    private @Nullable T made;

    OnDemand(Supplier<? extends T> making, Consumer<? super T> closing) {
        this.making = making;
        this.closing = closing;
    }

    T get() {
        lock.lock();
        try {
            T known = made;
            if (known == null) {
                known = making.get();
                made = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            if (made != null) {
                closing.accept(made);
            }
        } finally {
            lock.unlock();
        }
    }
}
