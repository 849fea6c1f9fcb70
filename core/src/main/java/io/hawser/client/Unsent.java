// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.BinaryMessage;
import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the messages of a reconnecting connection go: on to the connection that is open, or, while there is none, into a queue, or nowhere.
 *
 * <p>The queue is handed over one message at a time, each when the transport has accepted the one before. So those that a connection did
 * not get to wait for the next one, and at most one is lost with it. Until the queue is empty, new messages go behind it, which keeps the
 * order whatever threads are at work. The lock is held for a few steps only, and never while other code runs.
 */
final class Unsent {
    private final String uri;
    private final int maxMessages;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    /** How often somebody wanted to hand over while somebody did. */
    private final AtomicInteger rounds = new AtomicInteger();

    /** Where messages go at once, since none is to leave before them; changed under the lock. */
    private volatile @Nullable Connection direct;

    // Under the lock
    private final ArrayDeque<Kept> queue = new ArrayDeque<>(0);
    /** Messages of the queue, and the one that is being handed over. */
    private int messages;

    private long bytes;
    private boolean handing;
    private @Nullable Connection present;
    private boolean ended;
    private @Nullable WebSocketException why;

    /**
     * No connection yet.
     *
     * @param uri where messages are to go; for what is said of those that don't
     * @param maxMessages how many may wait
     * @param maxBytes how large they may be together
     */
    Unsent(String uri, int maxMessages, long maxBytes) {
        this.uri = uri;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** A message in the queue. */
    private static final class Kept {
        private final Message message;
        private final long bytes;
        private final CompletableFuture<Void> result = new CompletableFuture<>();
        /** Why it could not be kept; null if it was. */
        private @Nullable String refusal;

        Kept(Message message) {
            this.message = message;
            this.bytes = switch (message) {
                case TextMessage.Strict text -> text.length();
                case BinaryMessage.Strict binary -> binary.length();
                case TextMessage.Streamed text -> 0;
                case BinaryMessage.Streamed binary -> 0;
            };
        }

        boolean isStreamed() {
            return message instanceof TextMessage.Streamed || message instanceof BinaryMessage.Streamed;
        }

        void fail(String how, @Nullable WebSocketException cause) {
            message.discard(); // as a connection does with what it cannot send: its source may wait
            result.completeExceptionally(new ConnectFailedException(how, cause));
        }
    }

    // ---- for any thread

    boolean trySend(Message message) {
        Connection open = direct;
        if (open == null) {
            Kept kept = new Kept(message);
            open = openOrKeep(kept, true);
            if (open == null) {
                return kept.refusal == null;
            }
        }
        return open.trySend(message);
    }

    CompletionStage<Void> sendAsync(Message message) {
        Connection open = direct;
        if (open == null) {
            Kept kept = new Kept(message);
            open = openOrKeep(kept, false);
            if (open == null) {
                if (kept.refusal != null) {
                    kept.fail(kept.refusal, lastEnd());
                }
                return kept.result;
            }
        }
        return sendBy(open, message);
    }

    private CompletionStage<Void> sendBy(Connection open, Message message) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        sent(open, message).whenComplete((sent, failure) -> {
            forsakeIf(failure, open);
            complete(result, failure);
        });
        return result;
    }

    private static void complete(CompletableFuture<Void> result, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(null);
        } else {
            result.completeExceptionally(failure);
        }
    }

    /**
     * The connection that takes the message at once, or null if it is kept or refused.
     *
     * @param bounded whether the bounds hold also while the queue is being handed over
     */
    private @Nullable Connection openOrKeep(Kept kept, boolean bounded) {
        lock.lock();
        try {
            if (direct != null) {
                return direct;
            }
            kept.refusal = present == null || bounded ? refusal(kept) : null;
            if (kept.refusal != null) {
                return null;
            }
            queue.addLast(kept);
            messages++;
            bytes += kept.bytes;
        } finally {
            lock.unlock();
        }
        handOver();
        return null;
    }

    private @Nullable WebSocketException lastEnd() {
        lock.lock();
        try {
            return why;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String refusal(Kept kept) {
        if (ended) {
            return "not sent: the reconnecting connection to " + uri + " has stopped";
        }
        if (maxMessages == 0) {
            return "not sent: there is no connection to " + uri + " now; keepUnsent(messages, bytes) lets messages wait for one";
        }
        if (kept.isStreamed()) {
            return "not sent: a streamed message cannot wait for a connection to " + uri
                    + ", as its length is not known; put it together first: toStrict(maxBytes, timeout)";
        }
        if (messages >= maxMessages || kept.bytes > maxBytes - bytes) {
            return "not sent: " + messages + " messages of " + bytes + " bytes wait for a connection to " + uri
                    + " already, and keepUnsent allows " + maxMessages + " of " + maxBytes;
        }
        return null;
    }

    // ---- for whoever connects

    /** A connection has opened: what waits goes there, and what comes. */
    void open(Connection connection) {
        lock.lock();
        try {
            present = connection;
        } finally {
            lock.unlock();
        }
        handOver();
    }

    /** The connection has ended: what comes now waits, and what came while the queue was being handed over fails past the bounds. */
    void close(WebSocketException cause) {
        List<Kept> failing = new ArrayList<>(0);
        lock.lock();
        try {
            present = null;
            direct = null;
            why = cause;
            for (Iterator<Kept> latestFirst = queue.descendingIterator(); latestFirst.hasNext(); ) {
                Kept kept = latestFirst.next();
                if (messages > maxMessages || bytes > maxBytes || kept.isStreamed()) {
                    latestFirst.remove();
                    messages--;
                    bytes -= kept.bytes;
                    failing.addFirst(kept);
                }
            }
        } finally {
            lock.unlock();
        }
        failing.forEach(kept -> kept.fail(
                "not sent: the connection to " + uri + " ended before it, and keepUnsent does not let it wait for the next", cause));
    }

    /** There will be no connection any more: what waits fails, and so does what comes. */
    void end() {
        List<Kept> failing;
        WebSocketException cause;
        lock.lock();
        try {
            ended = true;
            present = null;
            direct = null;
            cause = why;
            failing = new ArrayList<>(queue);
            queue.clear();
        } finally {
            lock.unlock();
        }
        failing.forEach(kept -> kept.fail(
                "not sent: the reconnecting connection to " + uri + " stopped while the message waited", cause));
    }

    // ---- handing over

    /** Looks what may be handed over; one thread does it at a time. */
    private void handOver() {
        if (rounds.getAndIncrement() != 0) {
            return; // whoever is at it looks again
        }
        do {
            handOverNext();
        } while (rounds.decrementAndGet() != 0);
    }

    private void handOverNext() {
        Kept next;
        Connection to;
        lock.lock();
        try {
            to = present;
            if (to == null || handing) {
                return;
            }
            next = queue.pollFirst();
            if (next == null) {
                direct = to;
                return;
            }
            handing = true;
        } finally {
            lock.unlock();
        }
        sent(to, next.message).whenComplete((sent, failure) -> {
            forsakeIf(failure, to);
            handed(next);
            complete(next.result, failure);
            handOver();
        });
    }

    private static CompletionStage<Void> sent(Connection to, Message message) {
        try {
            return to.sendAsync(message);
        } catch (RuntimeException failure) { // its event loop has ended
            return CompletableFuture.failedStage(failure);
        }
    }

    private void handed(Kept kept) {
        lock.lock();
        try {
            handing = false;
            messages--;
            bytes -= kept.bytes;
        } finally {
            lock.unlock();
        }
    }

    /** A connection that failed to send a message has ended: what comes waits for the next one, also what whoever is told sends again. */
    private void forsakeIf(@Nullable Throwable failure, Connection by) {
        if (failure == null) {
            return;
        }
        lock.lock();
        try {
            if (by.equals(present)) {
                present = null;
                direct = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
