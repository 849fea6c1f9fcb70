// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.streams;

import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.FrameChannel;
import io.hawser.FrameHandler;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.MessageStream;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.Frame;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;

/** An echo in each face that keeps a {@link Watch} on every connection; and what else a test puts beside it. */
final class WatchedEcho implements HttpHandler {
    private final int maxBytes;
    private final Map<String, HttpHandler> routes = new ConcurrentHashMap<>();
    private final Queue<Queue<Watch>> past = new ConcurrentLinkedQueue<>();
    private volatile Queue<Watch> watches = new ConcurrentLinkedQueue<>();

    /** Messages of the each face, which has no connection to keep apart. */
    private final Watch eachWatch;

    WatchedEcho(int maxBytes) {
        this.maxBytes = maxBytes;
        this.eachWatch = new Watch(Face.EACH, maxBytes);
        for (Face face : Face.values()) {
            routes.put(face.path(), request -> HttpHandler.webSocket(echo(face)).handle(request));
        }
        routes.put("/hello", request -> Response.text(200, "hello " + request.target()));
    }

    void route(String path, HttpHandler handler) {
        routes.put(path, handler);
    }

    @Override
    public Response handle(Request request) throws Exception {
        HttpHandler route = routes.get(request.path());
        return route == null ? Response.text(404, "nothing at " + request.path()) : route.handle(request);
    }

    /**
     * An echo for one connection. Its watch belongs to the case in which this is called, however late a thread of its own begins to run the
     * handler.
     */
    WebSocketHandler echo(Face face) {
        Queue<Watch> ofThisCase = watches;
        return switch (face) {
            case EACH -> each(message -> {
                eachWatch.message(message);
                return message;
            });
            case STREAMS -> streams(in -> {
                Watch watch = watch(face, in, ofThisCase);
                return out -> in.subscribe(new Tap(watch, out));
            });
            case DIRECT -> direct(socket -> echo(socket, watch(face, socket, ofThisCase)));
            case FRAMES -> frames(channel -> new FrameEcho(watch(face, channel, ofThisCase), channel));
        };
    }

    private static void echo(WebSocket socket, Watch watch) {
        Throwable failure = null;
        try {
            for (Message message : socket) {
                watch.message(message);
                socket.send(message);
            }
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            watch.ended(failure);
        }
    }

    /** Keeps a watch on a connection of a test's own handler, too. */
    Watch watch(Face face, Connection connection) {
        return watch(face, connection, watches);
    }

    private Watch watch(Face face, Connection connection, Queue<Watch> ofItsCase) {
        Watch watch = new Watch(face, maxBytes);
        ofItsCase.add(watch);
        connection.closed().thenAccept(watch::closed);
        return watch;
    }

    Queue<Watch> watches() {
        return watches;
    }

    /** Puts the watches of a case aside. */
    void beginNextCase() {
        past.add(watches);
        watches = new ConcurrentLinkedQueue<>();
    }

    /** The watches of all cases before this one. */
    List<Watch> past() {
        return past.stream().flatMap(Queue::stream).toList();
    }

    Watch eachWatch() {
        return eachWatch;
    }

    private record FrameEcho(Watch watch, FrameChannel channel) implements FrameHandler {
        @Override
        public void onFrame(Frame frame) {
            watch.frame(frame);
            if (!frame.opcode().isControl()) {
                channel.send(frame);
            }
        }

        @Override
        public void onClosed(Closed closed) {
            watch.ended(null);
        }
    }

    /** Stands between the input and the output that echoes it. */
    private static final class Tap implements Flow.Subscriber<Message> {
        private final Watch watch;
        private final Flow.Subscriber<? super Message> out;

        Tap(Watch watch, Flow.Subscriber<? super Message> out) {
            this.watch = watch;
            this.out = out;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            // The output is cancelled when the connection ends, which the input is to tell, too: so no cancel goes on.
            out.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {
                    subscription.request(n);
                }

                @Override
                public void cancel() {}
            });
        }

        @Override
        public void onNext(Message message) {
            watch.message(message);
            out.onNext(message);
        }

        @Override
        public void onError(Throwable failure) {
            watch.ended(failure);
            out.onError(failure);
        }

        @Override
        public void onComplete() {
            watch.ended(null);
            out.onComplete();
        }
    }

    /** For {@link MessageStream}s whose output never ends by itself. */
    static Flow.Publisher<Message> never() {
        return out -> out.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
    }
}
