// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import io.hawser.Transport;
import io.hawser.server.HawserServer;
import java.time.Duration;

/** The demo, listening. */
public final class DemoServer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final HawserServer server;

    private DemoServer(HawserServer server) {
        this.server = server;
    }

    /** Starts the demo on the transport that suits the machine; port 0 takes a free one. */
    public static DemoServer start(String host, int port) {
        return start(host, port, Transport.AUTO);
    }

    /** Starts the demo; port 0 takes a free one. */
    public static DemoServer start(String host, int port, Transport transport) {
        return new DemoServer(HawserServer.start(
                o -> o.host(host).port(port).transport(transport).grace(GRACE), new DemoApplication()));
    }

    /** The port that is listened on. */
    public int port() {
        return server.port();
    }

    /** How sockets are driven. */
    public Transport transport() {
        return server.transport();
    }

    /** Where a browser finds the page. */
    public String url() {
        String host = server.address().getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/";
    }

    /** Tells every connection that the server goes away, and stops within a second. */
    @Override
    public void close() {
        server.close();
    }
}
