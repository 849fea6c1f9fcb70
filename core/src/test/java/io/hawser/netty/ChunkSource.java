// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** A publisher that a test moves by hand, and that notes what it is asked for. */
final class ChunkSource implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
    private final List<Flow.Subscriber<? super ByteBuffer>> subscribers = new ArrayList<>();
    private long requested;
    private int cancellations;

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscribers.add(subscriber);
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        requested += n;
    }

    @Override
    public void cancel() {
        cancellations++;
    }

    int subscriptions() {
        return subscribers.size();
    }

    Flow.Subscriber<? super ByteBuffer> subscriber() {
        return subscribers.get(0);
    }

    /** How many chunks were asked for in all. */
    long requested() {
        return requested;
    }

    int cancellations() {
        return cancellations;
    }

    static ByteBuffer chunk(String text) {
        return StandardCharsets.ISO_8859_1.encode(text);
    }

    void gives(String chunk) {
        subscriber().onNext(chunk(chunk));
    }

    void completes() {
        subscriber().onComplete();
    }
}
