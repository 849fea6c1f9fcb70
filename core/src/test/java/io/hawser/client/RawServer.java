// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.tls.Encryption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A server that says what a test tells it to, to the one client that comes. */
final class RawServer implements AutoCloseable {
    /** What it does once the request's head is there. */
    @FunctionalInterface
    interface Script {
        void run(List<String> head, Socket client) throws IOException;
    }

    private final ServerSocket listening;
    private final CompletableFuture<List<String>> head = new CompletableFuture<>();

    RawServer(Script script) throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (Socket client = Encryption.accepted(listening.accept())) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
                List<String> lines = new ArrayList<>();
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    lines.add(line);
                }
                head.complete(lines);
                script.run(lines, client);
            } catch (IOException e) {
                head.completeExceptionally(e); // the client went away, or the test is over
            }
        });
    }

    static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    String uri() {
        return Encryption.scheme() + "://127.0.0.1:" + listening.getLocalPort() + "/chat?room=1";
    }

    /** As messages name it. */
    String shownUri() {
        return ShownUri.of(URI.create(uri()));
    }

    int port() {
        return listening.getLocalPort();
    }

    /** The request's head, line by line. */
    List<String> head() {
        return head.join();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
