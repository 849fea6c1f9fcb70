// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.ConnectionGroup;
import io.hawser.Message;
import io.hawser.TextMessage;
import java.util.concurrent.Flow;

/** Tells a room how many messages have come. */
final class Counting implements Flow.Subscriber<Message> {
    private final ConnectionGroup room;
    private int count;

    Counting(ConnectionGroup room) {
        this.room = room;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Message message) {
        room.send(TextMessage.of("count " + ++count));
    }

    @Override
    public void onError(Throwable failure) {
        throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {}
}
