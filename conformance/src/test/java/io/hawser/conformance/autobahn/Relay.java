// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import io.hawser.tls.Encryption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Between the suite, which speaks no TLS, and what is tested over it: passes on what comes behind the request's head as it is, decrypted or
 * encrypted, and the ends of both directions.
 */
final class Relay implements AutoCloseable {
    /** What a socket becomes on one side. */
    @FunctionalInterface
    private interface Side {
        Socket of(Socket tcp) throws IOException;
    }

    private final ServerSocket listening;
    private final int port;
    private final Side near;
    private final Side far;

    private Relay(int port, Side near, Side far) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.port = port;
        this.near = near;
        this.far = far;
        Thread.ofVirtual().start(this::accept);
    }

    /** To a server that speaks TLS; nothing but TCP is spoken to the relay. */
    static Relay toServer(int port) throws IOException {
        return new Relay(port, tcp -> tcp, Encryption::over);
    }

    /** To a server that speaks nothing but TCP, for a client that speaks TLS. */
    static Relay fromClient(int port) throws IOException {
        return new Relay(port, Encryption::accepted, tcp -> tcp);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket accepted = listening.accept();
                Thread.ofVirtual().start(() -> join(accepted));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void join(Socket accepted) {
        try (Socket one = near.of(accepted);
                Socket other = far.of(new Socket(InetAddress.getLoopbackAddress(), port))) {
            one.setTcpNoDelay(true);
            other.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> pass(other, one));
            addressToServer(one.getInputStream(), other);
            pass(one, other);
            back.join();
        } catch (IOException | InterruptedException e) {
            // whoever is left sees the end, and the suite says what it thinks of that
        }
    }

    /** Passes the request's head on with the server's port in Host, where it has the relay's: the suite's server refuses another. */
    private void addressToServer(InputStream in, Socket to) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        String addressed = head.toString(StandardCharsets.ISO_8859_1).replace(":" + port() + "\r\n", ":" + port + "\r\n");
        to.getOutputStream().write(addressed.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            byte[] bytes = new byte[1 << 16];
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                to.getOutputStream().write(bytes, 0, length);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            cut(from);
            cut(to);
        }
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone already
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
