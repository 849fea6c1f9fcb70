// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * Sends what a publisher gives, and asks for the next message while the last could leave: so a slow peer stops the source. Signals may come
 * on any thread; they take effect on the loop.
 */
final class Replies implements Flow.Subscriber<Message> {
    private final LiveConnection live;
    private final Signals signals;
    private final Pull pull;

    Replies(LiveConnection live) {
        this.live = live;
        this.signals = new Signals(live.batches());
        this.pull = new Pull(() -> live.output().takesMessages());
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened); // Reactive Streams 2.13
        signals.run(() -> pull.open(opened));
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
        pull.received();
        live.output().send(message, null);
        pull.goOn();
    }

    @Override
    public void onComplete() {
        signals.run(() -> {
            pull.end();
            live.completed();
        });
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure); // 2.13
        signals.run(() -> {
            pull.end();
            live.failed(failure);
        });
    }

    /** Goes on to ask, as messages can leave again. */
    void goOn() {
        pull.goOn();
    }

    void cancel() {
        pull.cancel();
    }
}
