// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber in a test's hand: asks when it is told to, and notes each signal. */
final class Probe implements Flow.Subscriber<Message> {
    private final List<String> signals = new ArrayList<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable Throwable failure;
    private @Nullable Error thrown;
    private Runnable onEnd = () -> {};

    /** Throws this from each message. */
    void throwing(Error error) {
        thrown = error;
    }

    void onEnd(Runnable action) {
        onEnd = action;
    }

    void note(String what) {
        signals.add(what);
    }

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    List<String> signals() {
        return signals;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription = opened;
        note("subscribed");
    }

    @Override
    public void onNext(Message message) {
        note(message.text());
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
        note("failed: " + cause.getClass().getSimpleName());
        onEnd.run();
    }

    @Override
    public void onComplete() {
        note("complete");
        onEnd.run();
    }
}
