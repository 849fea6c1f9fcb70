// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.WaitInterruptedException;
import io.hawser.waiting.Surroundings;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way from the loop to one receiving thread. It is bounded: each message weighs its bytes and a constant, and above the
 * limit nothing more is asked for until half of it is taken. The receiver is woken once a batch.
 */
final class Inbox {
    private static final long LIMIT = 64 << 10;
    private static final long MESSAGE_WEIGHT = 512;
    private static final AtomicReferenceFieldUpdater<Inbox, Thread> RECEIVER =
            AtomicReferenceFieldUpdater.newUpdater(Inbox.class, Thread.class, "receiver");

    private final LiveConnection live;
    private final Surroundings surroundings;
    private final ConcurrentLinkedQueue<Message> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong weight = new AtomicLong();
    private volatile boolean stalled;
    private volatile boolean discarding;
    /** Whether the engine waits to be told that the receiver has caught up. */
    private volatile boolean awaitsCatchUp;

    /** The thread that waits for a message; set by {@link #RECEIVER}. */
    private volatile @Nullable Thread receiver;

    private final Intake intake;

    Inbox(LiveConnection live) {
        this.live = live;
        this.surroundings = live.wire().surroundings();
        this.intake = Intake.of(live.options().messages(), live, this::add);
    }

    Intake intake() {
        return intake;
    }

    // ---- on the loop

    void open() {
        intake.request(1);
    }

    private void add(Message message) {
        if (discarding) {
            message.discard();
            return;
        }
        messages.add(message);
        if (weight.addAndGet(weightOf(message)) < LIMIT) {
            intake.request(1);
            return;
        }
        stalled = true;
        // The receiver may have taken enough before it could see that.
        if (weight.get() <= LIMIT / 2) {
            resume();
        }
    }

    private void resume() {
        if (stalled) {
            stalled = false;
            intake.request(discarding ? Long.MAX_VALUE : 1);
        }
    }

    void wakeReceiver() {
        Thread waiting = receiver;
        if (waiting != null && (!messages.isEmpty() || live.ending() != null)) {
            live.wire().wake(waiting);
        }
    }

    /** Whether all was taken and the receiver waits for more, perhaps of the last message, or nobody ever will. */
    boolean isCaughtUp() {
        awaitsCatchUp = true;
        boolean waits = receiver != null || intake.isInsideMessage();
        boolean caughtUp = discarding || messages.isEmpty() && waits && intake.isCaughtUp();
        if (caughtUp) {
            awaitsCatchUp = false;
        }
        return caughtUp;
    }

    /** The receiver has begun with a message that may not be whole; perhaps that is what was waited for. */
    void onTaken() {
        if (awaitsCatchUp && isCaughtUp()) {
            live.caughtUp();
        }
    }

    // ---- on the receiver's thread

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /**
     * Waits for a message, and leaves it in the queue.
     *
     * @param timeoutNanos zero for no time-out
     * @return null when the time is over, or the connection has ended and all was taken
     * @throws IllegalStateException if another thread waits already
     */
    @Nullable Message await(long timeoutNanos) {
        Message message = messages.peek();
        if (message != null) {
            return message;
        }
        Thread self = Thread.currentThread();
        // Two could not both be woken, and one of them would hang.
        if (!RECEIVER.compareAndSet(this, null, self)) {
            throw severalReceivers();
        }
        Expiry expiry = new Expiry(self);
        Runnable cancel = timeoutNanos == 0 ? () -> {} : live.wire().schedule(expiry, timeoutNanos);
        try {
            while (true) {
                boolean ended = live.ending() != null;
                message = messages.peek();
                if (message != null || ended || expiry.expired) {
                    return message;
                }
                if (self.isInterrupted()) {
                    throw new WaitInterruptedException("interrupted while waiting for a message");
                }
                if (awaitsCatchUp) {
                    awaitsCatchUp = false;
                    live.onLoop(live::caughtUp);
                }
                surroundings.park(this);
            }
        } finally {
            receiver = null;
            cancel.run();
        }
    }

    /** Takes the message that {@link #await} found. */
    Message take() {
        Message message = messages.poll();
        if (message == null) {
            throw severalReceivers();
        }
        if (weight.addAndGet(-weightOf(message)) <= LIMIT / 2 && stalled) {
            live.onLoop(this::resume);
        }
        return message;
    }

    private static IllegalStateException severalReceivers() {
        return new IllegalStateException("another thread receives from this connection already; let one receive and pass on to the others");
    }

    /** Drops what is here and what comes, so that the peer's close is still seen; any thread may call it. */
    void discard() {
        discarding = true;
        for (Message message = messages.poll(); message != null; message = messages.poll()) {
            message.discard();
        }
        live.onLoop(() -> {
            intake.request(Long.MAX_VALUE);
            live.caughtUp();
        });
    }

    private static long weightOf(Message message) {
        return Outbox.strictBytes(message) + MESSAGE_WEIGHT;
    }

    /** The end of a wait, on the loop's clock. */
    private final class Expiry implements Runnable {
        private final Thread waiting;
        private volatile boolean expired;

        Expiry(Thread waiting) {
            this.waiting = waiting;
        }

        @Override
        public void run() {
            expired = true;
            surroundings.unpark(waiting);
        }
    }
}
