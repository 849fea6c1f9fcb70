// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Compression;
import io.hawser.HttpStatusException;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketUpgrade;
import io.hawser.connection.LoopWatch;
import io.hawser.connection.Opening;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.handshake.Extension;
import io.hawser.waiting.Surroundings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who answers a server's requests: its handler, but where it need not be asked or has failed. One for all connections of a server; any of
 * their loops may call it.
 */
public final class Application {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** To a page that may not upgrade. */
    static final Response FOREIGN_ORIGIN = Response.text(403, "pages of this origin may not connect");

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

    /** The event loop of a request's connection; what it is to {@code execute} when it has ended runs at once, on the calling thread. */
    public interface Loop extends Executor {
        /** Whether the calling thread is this loop. */
        boolean isCurrent();

        /** Where it is noted what this loop is busy with; on the loop. */
        LoopWatch watch();

        /**
         * Runs a task on this loop after a time; on the loop. A request under way has one such task at a time.
         *
         * @return gives it up
         */
        Runnable schedule(Runnable task, long delayNanos);

        /** How long the handler has had nothing of its request's body, nor waits for it; for ever, if it has not read it; on the loop. */
        default long nanosSinceInput() {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Answers a request; on the loop of its connection, and does not block.
     *
     * @param stopping whether the server is, which takes no more upgrades then
     * @param told takes the answer on the loop, once; before this returns, if the handler answers at once
     * @return interrupts the handler, if it runs still, as nobody waits for it; on the loop
     */
    public Runnable answer(Request request, boolean stopping, Loop loop, Consumer<Answer> told) {
        if (stopping && request.upgrade().isPresent()) {
            told.accept(new Answer.Sending(Response.text(503, "the server is stopping")));
            return () -> {};
        }
        if (request.method().equals("CONNECT")) {
            // RFC 9110 9.3.6: any success would make the connection a tunnel, whose bytes were then read as requests here.
            told.accept(new Answer.Sending(Response.text(501, "this server makes no tunnels")));
            return () -> {};
        }
        Calls calls = new Calls(loop, surroundings, asked -> Origins.permits(settings, asked), this::failed);
        PendingAnswer pending = new PendingAnswer(request, loop, response -> told.accept(answer(request, response)));
        calls.call(settings.handler(), request).thenAccept(pending::accept);
        pending.await(settings.times().request(), calls::interrupt);
        return calls::interrupt;
    }

    private Response failed(Request request, Throwable thrown) {
        Throwable failure = thrown instanceof CompletionException wrapped && wrapped.getCause() != null ? wrapped.getCause() : thrown;
        if (failure instanceof HttpStatusException refusal) {
            LOG.debug("{} from {} is refused with {}", request, request.remoteAddress(), refusal.status(), refusal);
            return text(refusal.status(), String.valueOf(refusal.getMessage()));
        }
        LOG.error("handler of {} from {} failed, answering 500", request, request.remoteAddress(), failure);
        surroundings.onFailure(failure);
        return Response.text(500, "Internal Server Error");
    }

    /** What repeats what a client has sent may hold half a surrogate pair, which becomes a question mark. */
    private static Response text(int status, String message) {
        return Response.of(status, message.getBytes(StandardCharsets.UTF_8)).withHeader("Content-Type", "text/plain; charset=utf-8");
    }

    /** What the handler's response means for the connection. */
    private Answer answer(Request request, Response response) {
        Optional<WebSocketHandler> handler = response.webSocket();
        if (handler.isEmpty()) {
            return new Answer.Sending(selected(request, response));
        }
        if (request.upgrade().isEmpty()) {
            return unfit(request, "an upgrade was accepted that was not asked for");
        }
        Request accepted = response.accepted().orElse(request);
        if (!accepted.headers().equals(request.headers())) { // its key is another's, and with it the response
            return unfit(request, "the upgrade that was accepted is another request's");
        }
        if (!Origins.permits(settings, accepted)) { // by what answers in place of the handlers that it composes
            return new Answer.Sending(FOREIGN_ORIGIN);
        }
        try {
            Opening opening = compressed(Opening.ofServer(accepted, response, handler.get(), settings.webSocket()));
            return new Answer.Switching(opening.response(), opening);
        } catch (Throwable failure) { // the application's as well; later there would be no way to tell the client
            return new Answer.Sending(failed(request, failure));
        }
    }

    private Opening compressed(Opening plain) {
        Compression wanted = plain.options().compression();
        List<Extension> offers = plain.request().upgrade().map(WebSocketUpgrade::extensions).orElse(List.of());
        return wanted.enabled()
                ? PermessageDeflate.accept(offers, wanted.policy(), settings.compressionMemory()).map(plain::accepting).orElse(plain)
                : plain;
    }

    private Response selected(Request request, Response response) {
        if (response.status() < 200 || response.status() > 599) { // one that this side has received as a client
            return failed(request, new IllegalStateException("no request can be answered with " + response));
        }
        try {
            return Selection.of(request, response, settings.compressResponses(), surroundings);
        } catch (RuntimeException | Error failure) { // no memory, say; who is told nothing waits for ever
            return failed(request, failure);
        }
    }

    private Answer unfit(Request request, String what) {
        return new Answer.Sending(failed(request, new IllegalStateException(what)));
    }
}
