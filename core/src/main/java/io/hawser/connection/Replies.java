// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a publisher gives, and asks for the next message while the last could leave: so a slow peer stops the source. Signals may come
 * on any thread; they take effect on the loop.
 */
final class Replies implements Flow.Subscriber<Message> {
    private final LiveConnection live;
    private final Signals signals;

    // The loop's own
    private Flow.@Nullable Subscription subscription;
    private boolean requested;
    private boolean done;
    private boolean pulling;

    Replies(LiveConnection live) {
        this.live = live;
        this.signals = new Signals(live.batches());
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened); // Reactive Streams 2.13
        signals.run(() -> {
            if (subscription != null || done) {
                opened.cancel(); // 2.5: at most one subscription
            } else {
                subscription = opened;
                pull();
            }
        });
    }

    @Override
    public void onNext(Message message) {
        Objects.requireNonNull(message); // 2.13
        if (signals.isAtOnce()) {
            sendAndPull(message); // without a task: this is every answer's way
        } else {
            signals.run(() -> sendAndPull(message));
        }
    }

    private void sendAndPull(Message message) {
        requested = false;
        live.output().send(message, null);
        pull();
    }

    @Override
    public void onComplete() {
        signals.run(() -> {
            done = true;
            live.completed();
        });
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure); // 2.13
        signals.run(() -> {
            done = true;
            live.failed(failure);
        });
    }

    /** Asks for messages while they can leave. A source that answers within the request does not deepen the stack. */
    void pull() {
        if (pulling) {
            return;
        }
        pulling = true;
        while (subscription != null && !done && !requested && live.output().takesMessages()) {
            requested = true;
            subscription.request(1);
        }
        pulling = false;
    }

    void cancel() {
        done = true;
        if (subscription != null) {
            subscription.cancel();
            subscription = null;
        }
    }
}
