// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import java.util.concurrent.Flow;

/** A source that gives the same message so many times, as fast as it is asked, on the thread that asks. */
final class Numbers implements Flow.Publisher<Message>, Flow.Subscription {
    private final Message message;
    private final long count;
    private Flow.Subscriber<? super Message> subscriber;
    private long made;
    private long demand;
    private boolean giving;
    private boolean cancelled;
    private boolean silent;

    Numbers(long count, Message message) {
        this.count = count;
        this.message = message;
    }

    /** It never completes. */
    Numbers silent() {
        silent = true;
        return this;
    }

    long made() {
        return made;
    }

    boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Message> opened) {
        subscriber = opened;
        opened.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        demand += n;
        if (giving) {
            return;
        }
        giving = true;
        while (demand > 0 && made < count && !cancelled) {
            demand--;
            made++;
            subscriber.onNext(message);
        }
        giving = false;
        if (made == count && !silent && !cancelled) {
            cancelled = true;
            subscriber.onComplete();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
