// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.LoopWatch;
import io.hawser.waiting.Surroundings;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Has handlers answer a request, each in its way. What it returns is completed on the loop of the request's connection. */
final class Calls implements HttpHandler.Caller {
    private final Application.Loop loop;
    private final Surroundings surroundings;
    private final Predicate<Request> permitted;
    private final BiFunction<Request, Throwable, Response> onFailure;
    /** Threads that run; some that have ended may be among them. */
    private final Queue<Thread> running = new ConcurrentLinkedQueue<>();
    /** The loop's own. */
    private boolean isOver;

    /**
     * Calls on a loop.
     *
     * @param permitted whether handlers may be asked at all
     * @param onFailure what is answered if one fails; on the loop
     */
    Calls(
            Application.Loop loop,
            Surroundings surroundings,
            Predicate<Request> permitted,
            BiFunction<Request, Throwable, Response> onFailure) {
        this.loop = loop;
        this.surroundings = surroundings;
        this.permitted = permitted;
        this.onFailure = onFailure;
    }

    @Override
    public CompletionStage<Response> call(HttpHandler handler, Request request) {
        CompletableFuture<Response> result = new CompletableFuture<>();
        onLoop(request, () -> {
            CompletionStage<Response> answer = answerOf(handler, request);
            Response ready = readyOrNull(answer);
            if (ready != null) {
                result.complete(ready);
            } else {
                answer.whenComplete((response, failure) ->
                        onLoop(request, () -> result.complete(response == null ? failed(request, failure) : response)));
            }
        });
        return result;
    }

    /** A response that is there already, as it mostly is where nothing is waited for. */
    private static @Nullable Response readyOrNull(CompletionStage<Response> answer) {
        if (answer instanceof CompletableFuture<Response> known) { // others need not be able to tell
            CompletableFuture<Response> future = known.toCompletableFuture();
            return future.state() == Future.State.SUCCESS ? future.resultNow() : null;
        }
        return null;
    }

    private Response failed(Request request, @Nullable Throwable failure) {
        return onFailure.apply(request, failure == null ? new NullPointerException("the handler returned null") : failure);
    }

    /** On the loop. */
    private CompletionStage<Response> answerOf(HttpHandler handler, Request request) {
        if (isOver) { // whoever composes it, such as an authentication, took too long; nobody waits for this
            return CompletableFuture.completedStage(Response.of(503));
        }
        try {
            if (handler instanceof HttpHandler.Composed composed) {
                return promisedBy(composed.answer().apply(request, this));
            }
            if (!permitted.test(request)) {
                return CompletableFuture.completedStage(Application.FOREIGN_ORIGIN);
            }
            if (handler instanceof HttpHandler.Async async) {
                CompletionStage<Response> promised = promisedBy(async.answer().apply(request));
                surroundings.holdFor(promised);
                return promised;
            }
            return run(request, () -> handler.handle(request));
        } catch (Throwable failure) { // whatever a handler throws is this request's failure alone
            return CompletableFuture.failedStage(failure);
        }
    }

    private static CompletionStage<Response> promisedBy(@Nullable CompletionStage<Response> stage) {
        return Objects.requireNonNull(stage, "the handler returned null");
    }

    @Override
    public <T> CompletionStage<T> run(Request request, Callable<? extends T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        running.add(surroundings.start("hawser-http " + request.rawPath(), () -> {
            try {
                T value = task.call();
                onLoop(request, () -> result.complete(value));
            } catch (Throwable failure) { // as above
                onLoop(request, () -> result.completeExceptionally(failure));
            }
        }));
        return result;
    }

    /** Interrupts what runs still, and asks no more handlers; on the loop. */
    void interrupt() {
        isOver = true;
        running.forEach(surroundings::interrupt);
    }

    /** Runs the application's code where it is watched that it does not hold up the loop; at once, if this is the loop. */
    private void onLoop(Request request, Runnable task) {
        if (loop.isCurrent()) {
            watched(request, task);
        } else {
            // Not back here: a loop that has ended runs it on this thread.
            loop.execute(() -> watched(request, task));
        }
    }

    private void watched(Request request, Runnable task) {
        LoopWatch watch = loop.watch();
        watch.enter(request);
        try {
            task.run();
        } finally {
            watch.leave(request);
        }
    }
}
