// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A direct handler's body that a test can look into: its thread, what it noted, and how it ended. */
final class Body implements WebSocketHandler.DirectBody {
    private final Steps steps;
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private volatile @Nullable Thread thread;
    private volatile @Nullable WebSocket socket;
    private volatile @Nullable Throwable failure;
    private volatile boolean done;

    Body(Steps steps) {
        this.steps = steps;
    }

    /** What the handler does. */
    interface Steps {
        void run(WebSocket socket, Body body) throws Exception;
    }

    @Override
    public void run(WebSocket opened) throws Exception {
        thread = Thread.currentThread();
        socket = opened;
        try {
            steps.run(opened, this);
        } catch (Throwable thrown) {
            failure = thrown;
            throw thrown;
        } finally {
            done = true;
        }
    }

    void note(Object what) {
        notes.add(String.valueOf(what));
    }

    List<String> notes() {
        return notes;
    }

    /** The handler's thread, once it runs. */
    Thread thread(Conversation talk) {
        talk.awaits("the handler runs", () -> thread != null);
        return thread;
    }

    WebSocket socket(Conversation talk) {
        talk.awaits("the handler runs", () -> socket != null);
        return socket;
    }

    /** Waits until the handler waits in Hawser. */
    Body parked(Conversation talk) {
        talk.loop.awaitParked(thread(talk));
        return this;
    }

    /** Waits until the handler has ended; what it threw, if anything. */
    @Nullable Throwable ended(Conversation talk) {
        talk.awaits("the handler ends", () -> done);
        return failure;
    }
}
