// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.HttpStatusException;
import io.hawser.connection.NoSubscription;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request's body as it comes, for one subscriber, whose demand is the back-pressure: nothing is taken of what has come but what it asked
 * for. Signals come on the loop. What the subscriber leaves is dropped when the response has been sent, up to a limit.
 */
final class RequestBody implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(RequestBody.class);

    /** A larger chunk would be a larger piece of the heap for each slow reader. */
    static final int CHUNK_BYTES = 64 << 10;

    /** How much is read for nothing, so that the connection can go on: more costs more than another connection. */
    static final int MAX_DROPPED_BYTES = 256 << 10;

    private final BodyFraming framing;
    private final Carrier carrier;
    private final AtomicBoolean taken = new AtomicBoolean();

    // The loop's own
    private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;
    private long demand;
    private long droppedBytes;
    private boolean dropping;
    /** Whether the subscriber has had its last signal, or wants no more. */
    private boolean done;
    /** Whether the subscriber is being called: what it asks for meanwhile comes behind that. */
    private boolean signalling;

    private boolean feeding;
    private boolean over;
    private boolean given;
    private long lastGivenNanos;
    private @Nullable Throwable failure;

    /** A body that is framed like this, and has not begun. */
    RequestBody(BodyFraming framing, Carrier carrier) {
        this.framing = framing;
        this.carrier = carrier;
    }

    /** The connection that a body comes by. */
    interface Carrier {
        /** Whether the calling thread is its loop. */
        boolean isCurrent();

        /** Runs a task on its loop; any thread may call it. */
        void execute(Runnable task);

        /** The present instant of the loop's clock. */
        long nanoTime();

        /** What has come is wanted, and what comes: {@link #feed} it. */
        void onWanted();

        /** All of the body was taken; it will not be fed any more. */
        void onBodyEnd();

        /** The body is malformed, so its end cannot be known; who reads it has been told. */
        void onMalformed(HeadCheck.Refusal refusal);
    }

    /** What has no bytes, for requests without a body. */
    static final Flow.Publisher<ByteBuffer> NONE = wanted -> {
        wanted.onSubscribe(NoSubscription.INSTANCE); // Reactive Streams 1.9: before any other signal; throws for null, as it demands
        wanted.onComplete();
    };

    // ---- from the connection, on the loop

    /** Takes what is wanted of what has come, and skips that; framing as well, whether or not it is wanted. */
    void feed(ByteBuf in) {
        if (over || feeding) {
            return;
        }
        feeding = true;
        try {
            int data;
            while (!over && (data = framing.dataIn(in)) > 0 && isTaking()) {
                take(in, Math.min(data, CHUNK_BYTES));
            }
        } catch (HeadCheck.RefusedException e) {
            feeding = false;
            over = true;
            HeadCheck.Refusal refusal = e.refusal();
            fail(new HttpStatusException(refusal.status(), refusal.reason()));
            carrier.onMalformed(refusal);
            return;
        }
        feeding = false;
        finish();
        if (framing.isComplete() && !over) {
            over = true;
            carrier.onBodyEnd();
        }
    }

    private boolean isTaking() {
        return dropping ? !isTooMuch() : isWanted() && !signalling;
    }

    private void take(ByteBuf in, int bytes) {
        framing.onTaken(bytes);
        if (dropping) {
            in.skipBytes(bytes);
            droppedBytes += bytes;
            return;
        }
        byte[] chunk = new byte[bytes];
        in.readBytes(chunk);
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        noteGiven();
        Flow.Subscriber<? super ByteBuffer> told = Objects.requireNonNull(subscriber);
        signal(() -> told.onNext(ByteBuffer.wrap(chunk).asReadOnlyBuffer()));
    }

    private void noteGiven() {
        given = true;
        lastGivenNanos = carrier.nanoTime();
    }

    /** Whether nothing more of it comes. */
    boolean isComplete() {
        return framing.isComplete();
    }

    /** Whether it was found to be malformed, so that its end cannot be known. */
    boolean isMalformed() {
        return over && !framing.isComplete();
    }

    /** Whether it is read, was, or is about to be. */
    boolean isTaken() {
        return taken.get();
    }

    /** Whether it is read. */
    boolean isRead() {
        return subscriber != null && !done;
    }

    /** Whether somebody waits for it. */
    boolean isWanted() {
        return isRead() && demand > 0 && failure == null;
    }

    /** How long its reader has had nothing of it, and wants nothing; for ever, if it has had nothing at all. */
    long nanosSinceGiven(long nowNanos) {
        if (isWanted() && !framing.isComplete()) {
            return 0;
        }
        return given ? nowNanos - lastGivenNanos : Long.MAX_VALUE;
    }

    /** Whether dropping all of it would take too long, as far as that is known. */
    boolean isTooMuch() {
        return droppedBytes >= MAX_DROPPED_BYTES || framing.knownLeft() > MAX_DROPPED_BYTES - droppedBytes;
    }

    /** Whether it is dropped, and there is more of it than that is worth. */
    boolean isGivenUp() {
        return dropping && !framing.isComplete() && isTooMuch();
    }

    /** Nobody is to read it any more: from now on it is dropped as it is fed. */
    void drop() {
        fail(new IllegalStateException("the response has been sent, and what was left of the request's body is dropped"));
    }

    /** Nobody can read it any more, for this reason. */
    void fail(RuntimeException cause) {
        if (!dropping && !framing.isComplete()) {
            failure = cause;
            dropping = true;
            finish();
        }
    }

    /** Calls the subscriber; Reactive Streams 1.3: one call at a time. */
    private void signal(Runnable call) {
        signalling = true;
        try {
            call.run();
        } catch (Throwable thrown) { // 2.13: it must return normally; it has cancelled, then
            LOG.error("the subscriber to a request's body failed, so it gets no more of it", thrown);
            end();
        } finally {
            signalling = false;
        }
    }

    /** Says the last word if it is time for it. */
    private void finish() {
        Flow.Subscriber<? super ByteBuffer> told = subscriber;
        if (told == null || done || signalling || feeding) {
            return;
        }
        Throwable cause = failure;
        if (cause != null) {
            end();
            signal(() -> told.onError(cause));
        } else if (framing.isComplete()) {
            noteGiven(); // the end
            end();
            signal(told::onComplete);
        }
    }

    private void end() {
        done = true;
        subscriber = null; // 3.13: no reference is kept
    }

    // ---- from the application, on any thread

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> wanted) {
        Objects.requireNonNull(wanted); // Reactive Streams 1.9
        if (taken.compareAndSet(false, true)) {
            onLoop(() -> open(wanted));
        } else {
            NoSubscription.refuse(wanted, "the body of a request is read once, by one subscriber");
        }
    }

    private void open(Flow.Subscriber<? super ByteBuffer> wanted) {
        subscriber = wanted;
        signal(() -> wanted.onSubscribe(this));
        goOn();
    }

    @Override
    public void request(long n) {
        onLoop(() -> {
            if (done) {
                return; // 3.6: without effect after cancel
            }
            if (n < 1) {
                failure = new IllegalArgumentException("Reactive Streams 3.9: demand must be positive, not " + n);
            } else {
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n; // 3.17
            }
            goOn();
        });
    }

    /** Gives what is there and asked for, and asks for more; 3.3: not from within a signal, behind which comes what it asks for. */
    private void goOn() {
        if (signalling || feeding) {
            return;
        }
        finish();
        if (isWanted()) {
            carrier.onWanted();
        }
    }

    @Override
    public void cancel() {
        onLoop(this::end);
    }

    private void onLoop(Runnable task) {
        if (carrier.isCurrent()) {
            task.run();
        } else {
            carrier.execute(task);
        }
    }
}
