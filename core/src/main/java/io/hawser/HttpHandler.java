// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
}
