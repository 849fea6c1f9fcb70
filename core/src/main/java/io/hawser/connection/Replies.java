// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.protocol.CloseStatus;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a publisher gives, and asks for the next message while the last could leave: so a slow peer stops the source. Signals may come
 * on any thread; they take effect on the loop.
 */
final class Replies implements Flow.Subscriber<Message> {
    private final LiveConnection live;

    // The loop's own
    private Flow.@Nullable Subscription subscription;
    private boolean requested;
    private boolean done;
    private boolean pulling;

    Replies(LiveConnection live) {
        this.live = live;
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened); // Reactive Streams 2.13
        live.onLoop(() -> {
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
        if (live.wire().inLoop()) {
            sendAndPull(message);
        } else {
            live.onLoop(() -> sendAndPull(message));
        }
    }

    private void sendAndPull(Message message) {
        requested = false;
        live.send(message, null);
        pull();
    }

    @Override
    public void onComplete() {
        live.onLoop(() -> {
            done = true;
            live.close(CloseStatus.of(CloseStatus.NORMAL));
        });
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure); // 2.13
        live.onLoop(() -> {
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
        while (subscription != null && !done && !requested && live.isWritable()) {
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
