// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A proxy for one client after another, which knows one server: whatever its name, it is on this machine. */
public abstract class ProxyServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Proxy.Type type;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    ProxyServer(Proxy.Type type) throws IOException {
        this.type = type;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket client = listening.accept();
                    sockets.add(client);
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException e) {
                    return; // the test is over
                }
            }
        });
    }

    private void serve(Socket client) {
        try (client) {
            negotiate(client);
        } catch (IOException e) {
            // One of the two sides went away.
        }
    }

    /** Talks with a client until it goes. */
    abstract void negotiate(Socket client) throws IOException;

    /** Passes bytes in both directions until both have ended. */
    final void relay(Socket client, int port) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            sockets.add(server);
            Thread answers = Thread.ofVirtual().start(() -> {
                try {
                    server.getInputStream().transferTo(client.getOutputStream());
                    client.shutdownOutput();
                } catch (IOException e) {
                    // The test is over.
                }
            });
            client.getInputStream().transferTo(server.getOutputStream());
            server.shutdownOutput();
            answers.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void say(Socket client, String latin1) throws IOException {
        client.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    final String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** How clients find it. */
    public final Proxy proxy() {
        return new Proxy(type, InetSocketAddress.createUnresolved("127.0.0.1", listening.getLocalPort()));
    }

    @Override
    public final void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
