// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Calls handlers on the calling thread, which may block: where one handler calls another itself, not through the server. */
final class DirectCaller implements HttpHandler.Caller {
    static final DirectCaller INSTANCE = new DirectCaller();

    private DirectCaller() {}

    @Override
    public CompletionStage<Response> call(HttpHandler handler, Request request) {
        return run(request, () -> handler.handle(request));
    }

    @Override
    public <T> CompletionStage<T> run(Request request, Callable<? extends T> task) {
        try {
            return CompletableFuture.completedStage(task.call());
        } catch (Throwable failure) { // as on a thread of its own
            return CompletableFuture.failedStage(failure);
        }
    }

    /** What a stage comes to; throws what it failed with. */
    static Response result(CompletionStage<Response> stage) throws Exception {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }
}
