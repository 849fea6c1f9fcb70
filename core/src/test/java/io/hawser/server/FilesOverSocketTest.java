// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.connection.LogLines;
import io.hawser.netty.LeakCheck;
import io.hawser.netty.TransportCheck;
import io.hawser.tls.Certificate;
import io.hawser.tls.Encryption;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files as responses. Needs sockets: each transport moves them in its own way, and TLS in none of these. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class FilesOverSocketTest {
    private static final int FILE_BYTES = 3_000_001;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    private Path folder;

    private byte[] content;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        file = Files.write(folder.resolve("film.mp4"), content);
    }

    private static HawserServer server(UnaryOperator<ServerOptions> options, Response response) {
        HttpHandler handler = HttpHandler.async(request -> CompletableFuture.completedStage(response));
        return HawserServer.start(o -> options.apply(o.port(0).loops(1)), handler);
    }

    private static Response part(Path path, long position, long bytes) {
        return Response.of(200).withBody(new Response.Body.FilePart(path, position, bytes));
    }

    /** A client of one connection. */
    private record Client(Socket socket, DataInputStream in) implements AutoCloseable {
        static Client of(Socket socket) throws IOException {
            socket.setSoTimeout(30_000);
            return new Client(socket, new DataInputStream(socket.getInputStream()));
        }

        static Client of(HawserServer server) throws IOException {
            return of(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        }

        void sends(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            return head.toString();
        }

        byte[] body(int bytes) throws IOException {
            byte[] body = new byte[bytes];
            in.readFully(body);
            return body;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    @Tag("W1")
    void sendsAFile(Transport transport) throws Exception {
        TransportCheck.assumeWorks(transport);
        try (HawserServer server = server(o -> o.transport(transport), Response.file(file));
                Client client = Client.of(server)) {
            client.sends(GET.repeat(3));
            for (int i = 0; i < 3; i++) {
                assertThat(client.head()).contains("content-length: " + FILE_BYTES, "Content-Type: video/mp4");
                assertThat(client.body(FILE_BYTES)).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void sendsAFileOverTls(Tls.Provider provider) throws Exception {
        UnaryOperator<Tls> tls = t -> Certificate.LOCALHOST.shown().apply(t).provider(provider);
        try (HawserServer server = server(o -> o.tls(tls), Response.file(file));
                Client client = Client.of(Encryption.trusting()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), server.port()))) {
            client.sends(GET + GET);
            for (int i = 0; i < 2; i++) {
                assertThat(client.head()).contains("content-length: " + FILE_BYTES);
                assertThat(client.body(FILE_BYTES)).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void sendsPartsOfFilesAmongOthers(Transport transport) throws Exception {
        TransportCheck.assumeWorks(transport);
        Response.Body sequence = new Response.Body.Sequence(List.of(
                Response.text("<").body(),
                new Response.Body.FilePart(file, 1_000_000, 1_000_000),
                new Response.Body.FilePart(file, 7, 0),
                Response.text("|").body(),
                new Response.Body.FilePart(file, 0, 5),
                Response.text(">").body()));
        try (HawserServer server = server(o -> o.transport(transport), Response.of(200).withBody(sequence));
                Client client = Client.of(server)) {
            client.sends(GET);
            assertThat(client.head()).contains("content-length: 1000008");
            assertThat(client.body(1)).isEqualTo(new byte[] {'<'});
            assertThat(client.body(1_000_000)).isEqualTo(Arrays.copyOfRange(content, 1_000_000, 2_000_000));
            assertThat(client.body(1)).isEqualTo(new byte[] {'|'});
            assertThat(client.body(5)).isEqualTo(Arrays.copyOf(content, 5));
            assertThat(client.body(1)).isEqualTo(new byte[] {'>'});
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void sendsWhatLiesBehindTwoGibibytes(Transport transport) throws Exception {
        TransportCheck.assumeWorks(transport);
        long position = (1L << 32) + 5;
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.seek(position);
            sparse.write("found".getBytes(StandardCharsets.ISO_8859_1));
        }
        try (HawserServer server = server(o -> o.transport(transport), part(file, position, 5));
                Client client = Client.of(server)) {
            client.sends(GET);
            client.head();
            assertThat(client.body(5)).asString(StandardCharsets.ISO_8859_1).isEqualTo("found");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void cutsAFileThatBecameShorter(Transport transport) throws Exception {
        TransportCheck.assumeWorks(transport);
        LogLines log = new LogLines();
        Path gone = folder.resolve("gone-" + transport);
        for (Response response : List.of(part(file, 0, FILE_BYTES + 1), part(gone, 0, 10))) {
            try (HawserServer server = server(o -> o.transport(transport), response);
                    Client client = Client.of(server)) {
                client.sends(GET);
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
                assertThat(bytesUntilTheEnd(client)).isLessThanOrEqualTo(FILE_BYTES);
            }
        }
        assertThat(log.with("ERROR", "the body of the response to GET / for")).hasSizeGreaterThanOrEqualTo(2);
    }

    private static int bytesUntilTheEnd(Client client) {
        int bytes = 0;
        byte[] some = new byte[64 << 10];
        try {
            for (int read = client.in.read(some); read >= 0; read = client.in.read(some)) {
                bytes += read;
            }
        } catch (IOException e) { // a reset: the connection is cut
            return bytes;
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void cutsAFileThatBecameShorterOverTls(Tls.Provider provider) throws Exception {
        LogLines log = new LogLines();
        UnaryOperator<Tls> tls = t -> Certificate.LOCALHOST.shown().apply(t).provider(provider);
        try (HawserServer server = server(o -> o.tls(tls), part(file, 0, FILE_BYTES + 1));
                Client client = Client.of(Encryption.trusting()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), server.port()))) {
            client.sends(GET);
            client.head();
            assertThat(bytesUntilTheEnd(client)).isLessThanOrEqualTo(FILE_BYTES);
        }
        assertThat(log.with("film.mp4 became shorter while it was sent")).isNotEmpty();
    }

    @Test
    @Tag("W1")
    void opensNoFileForHead() throws Exception {
        try (HawserServer server = server(o -> o, part(folder.resolve("none"), 0, 77));
                Client client = Client.of(server)) {
            client.sends("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2));
            assertThat(client.head()).contains("content-length: 77");
            assertThat(client.head()).contains("content-length: 77");
        }
    }
}
