// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A proxy that is asked by {@code CONNECT}. */
public final class HttpProxyServer extends ProxyServer {
    /** What lets a client through. */
    public static final String CONSENT = "HTTP/1.1 200 Connection established\r\n\r\n";

    private final String answer;
    private final CompletableFuture<List<String>> head = new CompletableFuture<>();

    /** @param answer to each client; it goes on only behind {@link #CONSENT} */
    public HttpProxyServer(String answer) throws IOException {
        super(Proxy.Type.HTTP);
        this.answer = answer;
    }

    @Override
    void negotiate(Socket client) throws IOException {
        StringBuilder asked = new StringBuilder();
        while (asked.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                return;
            }
            asked.append((char) next);
        }
        List<String> lines = asked.toString().lines().toList();
        head.complete(lines);
        say(client, answer);
        if (answer.equals(CONSENT)) {
            String line = lines.get(0); // CONNECT host:port HTTP/1.1
            relay(client, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1, line.lastIndexOf(' '))));
        }
    }

    /** What the first client asked, line by line. */
    public List<String> head() {
        return head.join();
    }
}
