// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Request;
import java.util.function.Consumer;

/**
 * The rhythm of a connection: whatever happens on its loop, a read, a task, a timer, happens within a batch, at whose end the connection
 * flushes. What other threads ask for comes by the mailbox, many tasks a batch.
 */
final class Batches implements Mailbox.Owner {
    private final Wire wire;
    private final LoopWatch watch;
    private final Request request;
    private final Runnable atEnd;
    private final Consumer<Throwable> onFailure;
    private final Mailbox mailbox;
    private boolean open;

    /**
     * The rhythm of one connection.
     *
     * @param request whose connection it is
     * @param atEnd flushes
     * @param onFailure takes what a task threw
     */
    Batches(Wire wire, Request request, Runnable atEnd, Consumer<Throwable> onFailure) {
        this.wire = wire;
        this.watch = wire.watch();
        this.request = request;
        this.atEnd = atEnd;
        this.onFailure = onFailure;
        this.mailbox = new Mailbox(wire, this);
    }

    /** Whether this is the loop, within a batch: what is said to the engine now leaves at the batch's end. Any thread may ask. */
    boolean isOpen() {
        return wire.inLoop() && open;
    }

    /** Whether this is the loop. */
    boolean isInLoop() {
        return wire.inLoop();
    }

    /** Runs a task on the loop, within a batch: at once if this is the loop. */
    void run(Runnable task) {
        if (isOpen()) {
            task.run();
        } else if (!wire.inLoop()) {
            mailbox.post(task);
        } else {
            begin();
            try {
                task.run();
            } finally {
                end();
            }
        }
    }

    /** Runs a task in a batch of a later turn of the loop. */
    void post(Runnable task) {
        mailbox.post(task);
    }

    /** Whether no task of another thread waits; on the loop. */
    boolean isMailboxEmpty() {
        return mailbox.isEmpty();
    }

    @Override
    public void begin() {
        if (!open) {
            open = true;
            watch.enter(request);
        }
    }

    @Override
    public void failed(Throwable cause) {
        onFailure.accept(cause);
    }

    @Override
    public void end() {
        try {
            atEnd.run();
        } finally {
            open = false;
            watch.leave(request);
        }
    }
}
