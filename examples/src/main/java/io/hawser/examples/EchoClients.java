// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.streams;

import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/**
 * Clients of a server that echoes, one in each face: each says some lines, one or more, gathers their echoes and closes. {@code ./hawser demo}
 * is such a server.
 */
final class EchoClients {
    private static final CloseStatus DONE = CloseStatus.of(CloseStatus.NORMAL);

    private EchoClients() {}

    /** Talks to the server that is given as a URI, or else to the demo. */
    public static void main(String[] arguments) {
        URI uri = URI.create(arguments.length > 0 ? arguments[0] : "ws://127.0.0.1:8080/echo");
        List<String> lines = List.of("Ahoy", "Heave ho", "Belay");
        HawserClient client = HawserClient.shared();
        System.out.println("direct:  " + withDirect(client, uri, lines));
        System.out.println("streams: " + withStreams(client, uri, lines).join());
        System.out.println("frames:  " + withFrames(client, uri, lines).join());
    }

    /** The direct face: blocking calls on the caller's own thread, be it virtual or not. */
    static List<String> withDirect(HawserClient client, URI uri, List<String> lines) {
        List<String> echoes = new ArrayList<>();
        try (WebSocket socket = client.connect(uri)) {
            for (String line : lines) {
                socket.send(line);
                echoes.add(socket.receive().text());
            }
        }
        return echoes;
    }

    /** The streams face: what comes has a subscriber, what leaves is a publisher; here one object is both. */
    static CompletableFuture<List<String>> withStreams(HawserClient client, URI uri, List<String> lines) {
        List<String> echoes = new ArrayList<>();
        WebSocketHandler talker = streams(in -> {
            Talker out = new Talker(lines, echoes);
            in.subscribe(out);
            return out;
        });
        return client.connectAsync(uri, talker, o -> o)
                .thenCompose(Connection::closed)
                .thenApply(end -> echoes);
    }

    /** Publishes the first line at once, each other one behind the echo of the one before, and completes behind the last echo. */
    private static final class Talker extends SubmissionPublisher<Message> implements Flow.Processor<Message, Message> {
        private final Iterator<String> lines;
        private final List<String> echoes;

        Talker(List<String> lines, List<String> echoes) {
            this.lines = lines.iterator();
            this.echoes = echoes;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super Message> connection) {
            super.subscribe(connection);
            sayNext();
        }

        private void sayNext() {
            if (lines.hasNext()) {
                submit(TextMessage.of(lines.next())); // does not wait: there is one line under way at a time
            } else {
                close(); // the connection closes with 1000
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription input) {
            input.request(Long.MAX_VALUE); // as many as come; a slow reader would ask for one at a time
        }

        @Override
        public void onNext(Message echo) {
            echoes.add(echo.text());
            sayNext();
        }

        @Override
        public void onError(Throwable failure) {
            closeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            close();
        }
    }

    /** The frames face: called on the event loop for each frame; sending never waits. */
    static CompletableFuture<List<String>> withFrames(HawserClient client, URI uri, List<String> lines) {
        List<String> echoes = new ArrayList<>();
        WebSocketHandler talker = frames(channel -> {
            lines.forEach(line -> channel.send(Frame.text(line)));
            return echo -> {
                echoes.add(echo.text());
                if (echoes.size() == lines.size()) {
                    channel.closeAsync(DONE);
                }
            };
        });
        return client.connectAsync(uri, talker, o -> o)
                .thenCompose(Connection::closed)
                .thenApply(end -> echoes);
    }

    /** The other way round, in the short form: says again what the server says, until that closes. */
    static CompletableFuture<Connection> echoing(HawserClient client, URI uri) {
        return client.connectAsync(uri, each(message -> message), o -> o);
    }
}
