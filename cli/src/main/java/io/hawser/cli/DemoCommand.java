// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import io.hawser.Transport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hawser demo}: serves the demo until a signal ends it. */
@Command(
        name = "demo",
        description = "Serve a page and the WebSockets it talks to, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8080", description = "Port to listen on, 0 for a free one; default ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on; default ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--transport",
            defaultValue = "auto",
            converter = TransportName.class,
            description = "How sockets are driven: auto, io_uring, epoll or nio; default ${DEFAULT-VALUE}.")
    private Transport transport = Transport.AUTO;

    @Option(names = "--tls", description = "Speak TLS, with a certificate for localhost that is made in ~/.hawser.")
    private boolean tls;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        if (port < 0 || port > 65535) {
            throw new CommandLine.ParameterException(command, "--port must be 0 to 65535, not " + port);
        }
        Path folder = Path.of(System.getProperty("user.home"), ".hawser");
        DemoServer server = tls
                ? DemoServer.startOverTls(host, port, transport, folder)
                : DemoServer.start(host, port, transport);
        // SIGINT and SIGTERM alike end in the shutdown hooks.
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "hawser-stop"));
        announce(command.getOut(), server, folder);
        new CountDownLatch(1).await();
        return 0;
    }

    private static void announce(PrintWriter out, DemoServer server, Path folder) {
        String over = server.tlsProvider().map(provider -> ", TLS by " + provider).orElse("");
        out.println("Hawser demo: " + server.url() + "  (" + server.transport().name().toLowerCase(Locale.ROOT) + over + ", Ctrl-C ends it)");
        if (server.tlsProvider().isPresent()) {
            out.println("Its certificate, " + LocalhostCertificate.in(folder).pem()
                    + ", is signed by itself: a browser asks before it goes on.");
        }
        out.println();
        out.println(DemoApplication.overview());
        out.flush();
    }

    /** A transport by its name. */
    static final class TransportName implements CommandLine.ITypeConverter<Transport> {
        @Override
        public Transport convert(String name) {
            for (Transport transport : Transport.values()) {
                if (transport.name().equalsIgnoreCase(name)) {
                    return transport;
                }
            }
            throw new CommandLine.TypeConversionException("'" + name + "' is not one of auto, io_uring, epoll, nio");
        }
    }
}
