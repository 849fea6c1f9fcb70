// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import io.hawser.HttpHandler;
import io.hawser.MessagePolicy;
import io.hawser.cli.DemoServer;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;

/** The demo with its echo in each face; over TLS a server with the same echoes, since the demo chooses its certificate by itself. */
final class EchoServer implements AutoCloseable {
    private static final int MAX_BYTES = 64 << 20;

    private final AutoCloseable server;
    private final int port;

    private EchoServer(AutoCloseable server, int port) {
        this.server = server;
        this.port = port;
    }

    static EchoServer start() {
        if (Encryption.isOn()) {
            HawserServer server = HawserServer.start(
                    o -> Encryption.of(o).port(0).webSocket(w -> w.messages(MessagePolicy.strict(MAX_BYTES))),
                    request -> HttpHandler.webSocket(DemoFace.of(request.path()).echo()).handle(request));
            return new EchoServer(server, server.port());
        }
        DemoServer demo = DemoServer.start("127.0.0.1", 0);
        return new EchoServer(demo, demo.port());
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
