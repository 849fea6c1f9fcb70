// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.TextMessage;
import java.util.concurrent.Flow;

/** A source in a test's hand: gives what it is told to, and counts what was asked of it. */
final class Hand implements Flow.Publisher<Message>, Flow.Subscription {
    private Flow.Subscriber<? super Message> subscriber;
    private long requested;
    private boolean cancelled;

    @Override
    public void subscribe(Flow.Subscriber<? super Message> opened) {
        subscriber = opened;
        opened.onSubscribe(this);
    }

    Flow.Subscriber<? super Message> subscriber() {
        return subscriber;
    }

    void give(String text) {
        give(TextMessage.of(text));
    }

    void give(Message message) {
        subscriber.onNext(message);
    }

    void complete() {
        subscriber.onComplete();
    }

    void fail(Throwable cause) {
        subscriber.onError(cause);
    }

    long requested() {
        return requested;
    }

    boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void request(long n) {
        requested += n;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
