// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.connection.LoopWatch;
import io.hawser.connection.Opening;
import io.hawser.waiting.Surroundings;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who answers a server's requests: its handler, but where it need not be asked or has failed. One for all connections of a server; any of
 * their loops may call it.
 */
public final class Application {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private final HttpSettings settings;
    private final Surroundings surroundings;

    /** What answers as these settings say, and on threads of these surroundings where that may block. */
    public Application(HttpSettings settings, Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
    }

    /** What becomes of a request. */
    public sealed interface Answer {
        /** The response is to be sent. */
        record Sending(Response response) implements Answer {}

        /** The response is to be sent, and behind it the connection is a WebSocket's. */
        record Switching(Response response, Opening opening) implements Answer {}
    }

    /** The event loop of a request's connection. */
    public interface Loop extends Executor {
        /** Whether the calling thread is this loop. */
        boolean isCurrent();

        /** Where it is noted what this loop is busy with; on the loop. */
        LoopWatch watch();
    }

    /**
     * Answers a request; on the loop of its connection, and does not block.
     *
     * @param stopping whether the server is, which takes no more upgrades then
     * @param told takes the answer on the loop, once; before this returns, if the handler answers at once
     */
    public void answer(Request request, boolean stopping, Loop loop, Consumer<Answer> told) {
        Optional<Response> refusal = refusal(request, stopping);
        if (refusal.isPresent()) {
            told.accept(new Answer.Sending(refusal.get()));
        } else {
            call(new Asked(request, loop, told));
        }
    }

    /** What no handler should be asked about. */
    private Optional<Response> refusal(Request request, boolean stopping) {
        if (request.upgrade().isEmpty()) {
            return Optional.empty();
        }
        if (stopping) {
            return Optional.of(Response.text(503, "the server is stopping"));
        }
        boolean secure = settings.tls().isPresent() || request.tlsSession().isPresent();
        if (!settings.origins().permits(request.headers()::allValues, secure)) {
            return Optional.of(Response.text(403, "pages of this origin may not connect"));
        }
        return Optional.empty();
    }

    private void call(Asked asked) {
        Request request = asked.request;
        if (settings.handler() instanceof HttpHandler.Async async) {
            try {
                CompletionStage<Response> promised = ask(asked, async);
                surroundings.holdFor(promised);
                promised.whenComplete(asked::tell);
            } catch (Throwable failure) { // whatever a handler throws is this request's failure alone
                asked.tell(null, failure);
            }
            return;
        }
        surroundings.start("hawser-http " + asked.request.path(), () -> {
            try {
                asked.tell(settings.handler().handle(request), null);
            } catch (Throwable failure) { // as above
                asked.tell(null, failure);
            }
        });
    }

    /** Calls the application on the loop, where that is watched. */
    private static CompletionStage<Response> ask(Asked asked, HttpHandler.Async async) {
        LoopWatch watch = asked.loop.watch();
        watch.enter(asked.request);
        try {
            return async.answer().apply(asked.request);
        } finally {
            watch.leave(asked.request);
        }
    }

    private Answer failed(Request request, Throwable failure) {
        LOG.error("handler of {} from {} failed, answering 500", request, request.remoteAddress(), failure);
        surroundings.onFailure(failure);
        return new Answer.Sending(Response.text(500, "Internal Server Error"));
    }

    /** What the handler's response means for the connection. */
    private Answer answer(Request request, Response response) {
        Optional<WebSocketHandler> handler = response.webSocket();
        if (handler.isEmpty()) {
            return new Answer.Sending(response);
        }
        if (request.upgrade().isEmpty()) {
            return failed(request, new IllegalStateException("an upgrade was accepted that was not asked for"));
        }
        Request accepted = response.accepted().orElse(request);
        if (!accepted.headers().equals(request.headers())) { // its key is another's, and with it the response
            return failed(request, new IllegalStateException("the upgrade that was accepted is another request's"));
        }
        try {
            return new Answer.Switching(response, Opening.ofServer(accepted, response, handler.get(), settings.webSocket()));
        } catch (Throwable failure) { // the application's as well; later there would be no way to tell the client
            return failed(request, failure);
        }
    }

    /** A request that the handler was given. */
    private final class Asked {
        private final Request request;
        private final Loop loop;
        private final Consumer<Answer> told;

        Asked(Request request, Loop loop, Consumer<Answer> told) {
            this.request = request;
            this.loop = loop;
            this.told = told;
        }

        /** The handler has answered or failed; any thread. */
        void tell(@Nullable Response response, @Nullable Throwable failure) {
            if (!loop.isCurrent()) {
                loop.execute(() -> tell(response, failure));
                return;
            }
            if (response != null) {
                told.accept(answer(request, response));
            } else {
                told.accept(failed(request, failure == null ? new NullPointerException("the handler returned null") : failure));
            }
        }
    }
}
