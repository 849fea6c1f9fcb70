// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.large;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.streams;

import io.hawser.BinaryMessage;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** Echoes binary messages of any length as they come, and reads uploads, in a process with a small heap, whose arguments are {@link Encryption}'s; ends with its input. */
final class SmallServer {
    private SmallServer() {}

    /** Starts it in another process; the first line that it prints is its port. */
    static Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=32m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path").replace("file:", ""),
                SmallServer.class.getName()));
        command.addAll(List.of(Encryption.forAnotherProcess()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    public static void main(String[] arguments) throws IOException {
        WebSocketHandler inStreams = streams(in -> out -> in.subscribe(new Echo(out)));
        WebSocketHandler byBlockingCalls = direct(socket -> {
            for (Message message : socket) {
                socket.send(((BinaryMessage) message).inputStream());
            }
        });
        HttpHandler app = request -> switch (request.path()) {
            case "/streams" -> HttpHandler.webSocket(inStreams).handle(request);
            case "/direct" -> HttpHandler.webSocket(byBlockingCalls).handle(request);
            case "/upload" -> Response.text(UploadedBlocks.read(request.bodyInputStream()) + " blocks");
            default -> Response.of(404);
        };
        try (HawserServer server = HawserServer.start(
                o -> Encryption.asTold(o, arguments).port(0).loops(1).webSocket(w -> w.messages(MessagePolicy.streamed())), app)) {
            System.out.println(server.port());
            while (System.in.read() >= 0) {
                // until the test ends
            }
        }
    }

    /** Answers each message with its own chunks. */
    private record Echo(Flow.Subscriber<? super Message> out) implements Flow.Subscriber<Message> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            out.onSubscribe(subscription);
        }

        @Override
        public void onNext(Message message) {
            out.onNext(BinaryMessage.streamed(((BinaryMessage) message).chunks()));
        }

        @Override
        public void onError(Throwable failure) {
            out.onError(failure);
        }

        @Override
        public void onComplete() {
            out.onComplete();
        }
    }
}
