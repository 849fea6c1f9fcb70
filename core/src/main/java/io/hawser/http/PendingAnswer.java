// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Request;
import io.hawser.Response;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer to one request, which is to come within a time. Confined to the loop of the request's connection. */
final class PendingAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(PendingAnswer.class);

    private final Request request;
    private final Application.Loop loop;
    private final Consumer<Response> told;
    private boolean answered;
    private Runnable cancelTimeout = () -> {};

    /**
     * Of a request that is being answered.
     *
     * @param told takes the answer, or a 503 in its place
     */
    PendingAnswer(Request request, Application.Loop loop, Consumer<Response> told) {
        this.request = request;
        this.loop = loop;
        this.told = told;
    }

    /** The answer is there; it is dropped if it comes too late. */
    void accept(Response response) {
        if (answered) {
            LOG.debug("{} from {} is answered too late, with {}", request, request.remoteAddress(), response);
            Unsent.discard(response);
            return;
        }
        answered = true;
        cancelTimeout.run();
        told.accept(response);
    }

    /**
     * Who answers has so much time, unless it has done so already: from now on, or from when it has had what it waited for of the body.
     *
     * @param time zero for ever
     * @param late who answers is to give up
     */
    void await(Duration time, Runnable late) {
        if (!answered && !time.isZero()) {
            schedule(time, time.toNanos(), late);
        }
    }

    private void schedule(Duration time, long nanos, Runnable late) {
        cancelTimeout = loop.schedule(() -> expire(time, late), nanos);
    }

    private void expire(Duration time, Runnable late) {
        long left = time.toNanos() - loop.nanosSinceInput();
        if (left > 0) { // it was the client that took its time
            schedule(time, left, late);
            return;
        }
        LOG.warn("{} from {} was not answered within {}, which gives 503", request, request.remoteAddress(), time);
        answered = true;
        late.run();
        told.accept(Response.text(503, "the request took too long"));
    }
}
