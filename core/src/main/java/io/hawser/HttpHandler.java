// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Answers HTTP requests. It runs on a virtual thread of its own and may block; an exception gives 500, a log entry, and no internals to the
 * client.
 */
@FunctionalInterface
public interface HttpHandler {
    /** Answers a request. */
    Response handle(Request request) throws Exception;

    /**
     * A handler that runs on the event loop and answers later.
     *
     * @param answer must not block
     */
    static HttpHandler async(Function<? super Request, ? extends CompletionStage<Response>> answer) {
        return new Async(answer);
    }

    /**
     * A handler that has others answer, such as one that chooses among them or changes what they answer. It runs on the event loop; those that it
     * calls run each in its own way.
     *
     * @param answer must not block; calls others by what it is given
     */
    static HttpHandler composed(BiFunction<? super Request, ? super Caller, ? extends CompletionStage<Response>> answer) {
        return new Composed(answer);
    }

    /**
     * A handler that upgrades to WebSocket whatever asks for it properly, and refuses the rest: 426 for another version of the protocol, 400
     * with the reason for any other fault, 400 "Expected WebSocket Upgrade request" for plain HTTP.
     */
    static HttpHandler webSocket(WebSocketHandler handler) {
        return async(request -> CompletableFuture.completedStage(request.upgrade()
                .map(upgrade -> upgrade.accept(handler))
                .orElseGet(request::upgradeRefusal)));
    }

    /** A handler on the event loop; see {@link HttpHandler#async}. */
    record Async(Function<? super Request, ? extends CompletionStage<Response>> answer) implements HttpHandler {
        @Override
        public Response handle(Request request) {
            return answer.apply(request).toCompletableFuture().join();
        }
    }

    /** A handler that has others answer; see {@link HttpHandler#composed}. */
    record Composed(BiFunction<? super Request, ? super Caller, ? extends CompletionStage<Response>> answer) implements HttpHandler {
        @Override
        public Response handle(Request request) throws Exception {
            return DirectCaller.result(answer.apply(request, DirectCaller.INSTANCE));
        }
    }

    /** Calls handlers for a {@link Composed} one, in their ways; safe for any thread. What it returns is completed on the event loop. */
    interface Caller {
        /**
         * Has a handler answer: on a virtual thread, or on the event loop if it is an {@linkplain HttpHandler#async async} or a composed one. If it
         * fails, the response is what the client would get, 500 as a rule.
         */
        CompletionStage<Response> call(HttpHandler handler, Request request);

        /**
         * Runs what may block, on a virtual thread; fails with what it throws.
         *
         * @param request for which that is
         */
        <T> CompletionStage<T> run(Request request, Callable<? extends T> task);
    }
}
