// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Message;
import java.time.Duration;
import java.util.function.Predicate;

/** Takes the messages that a probe received, as a whole or by their chunks. */
final class Reading {
    private final Scene scene;
    private final Incoming incoming;
    private final Expecting expecting;

    Reading(Scene scene, Incoming incoming, Expecting expecting) {
        this.scene = scene;
        this.incoming = incoming;
        this.expecting = expecting;
    }

    /** Waits for the next message and all of it, and takes it. */
    Message takeWhole(String expected) {
        return takeRest(awaitMessage(expected), expected);
    }

    /** Waits for a message that fits, all of it, and takes it and those before it. */
    Message skipTo(Predicate<? super Message> fits, String expected) {
        Duration latest = expecting.latest();
        Skipped skipped = new Skipped();
        while (expecting.await(() -> incoming.hasMessage() || expecting.isOver(), latest) && incoming.hasMessage()) {
            Arriving next = incoming.first();
            next.read();
            Message message = takeRest(next, expected);
            if (fits.test(message)) {
                return message;
            }
            skipped.add(message);
        }
        throw expecting.failure(expected, (expecting.isOver() ? expecting.end() : expecting.none("nothing that fits")) + skipped);
    }

    private Message takeRest(Arriving next, String expected) {
        TestOptions options = scene.options();
        Duration longest = options.collectWithin();
        boolean over = scene.world().await(() -> next.isOver() || next.isTooLong(), longest);
        if (next.isTooLong()) {
            throw expecting.failure(expected, "a streamed message came that has more than " + Shown.count(options.maxChunks(), "chunk")
                    + "; take it by chunks, or change TestOptions.maxChunks");
        }
        if (!over) {
            throw expecting.failure(expected, next + ", and no end within " + Shown.time(longest)
                    + "; take it by chunks, or change TestOptions.collectWithin");
        }
        requireWhole(next, expected);
        return incoming.take().collected();
    }

    /** Waits for the next chunk of the next message, and takes it: a string or a byte array. */
    Object takeChunk(String expected, boolean text) {
        Arriving next = awaitMessage(expected);
        if (next.isText() != text) {
            throw expecting.failure(expected, next + " came");
        }
        expecting.await(() -> next.hasChunk() || next.isOver());
        if (!next.hasChunk()) {
            requireWhole(next, expected);
            throw expecting.failure(expected, next.isOver() ? "the message has ended" : expecting.nothing());
        }
        return next.takeChunk();
    }

    /** Waits for the end of the next message, behind all its chunks. */
    void takeEnd() {
        String expected = "the end of a message";
        Arriving next = awaitMessage(expected);
        expecting.await(() -> next.hasChunk() || next.isOver());
        if (next.hasChunk() || !next.isOver()) {
            throw expecting.failure(expected, next.hasChunk() ? "more of it came: " + next : expecting.nothing());
        }
        requireWhole(next, expected);
        incoming.take();
    }

    private void requireWhole(Arriving message, String expected) {
        if (message.failure() != null) {
            throw expecting.failure(expected, "a streamed message broke off: " + message.failure());
        }
    }

    private Arriving awaitMessage(String expected) {
        expecting.await(() -> incoming.hasMessage() || expecting.isOver());
        if (!incoming.hasMessage()) {
            throw expecting.failure(expected, expecting.noMessage());
        }
        Arriving next = incoming.first();
        next.read();
        return next;
    }
}
