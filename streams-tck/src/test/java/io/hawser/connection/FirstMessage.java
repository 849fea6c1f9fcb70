// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Asks for one message, and hands it over. */
record FirstMessage(CompletableFuture<Message> message) implements Flow.Subscriber<Message> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(1);
    }

    @Override
    public void onNext(Message first) {
        message.complete(first);
    }

    @Override
    public void onError(Throwable failure) {
        message.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {}
}
