// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hawser.HttpHandler;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.netty.LeakCheck;
import io.hawser.server.HawserServer;
import io.hawser.server.ServerOptions;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server of HTTP under test, with one loop, so that whatever holds it is felt by an innocent connection beside the others. After each case
 * that connection gets its echo, and the application was not asked for what only a smuggled request asks for.
 */
final class HttpTarget implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    static final String HOST = "Host: a";

    /** The largest body that is asked for as a whole. */
    static final int MAX_BODY = 64 << 10;

    static final Duration HANG_GUARD = Duration.ofSeconds(20);

    /** The cuts that each row of a table of bytes gets. */
    static final List<Cut> CUTS = List.of(Cut.WHOLE, Cut.BYTE_BY_BYTE, Cut.SEED_20);

    /** A request that hides in what is no request. */
    static final String HIDDEN = "GET " + Site.HIDDEN + " HTTP/1.1\r\n" + HOST + "\r\n\r\n";

    /** What must still be answered behind what was well-formed. */
    private static final byte[] NEXT = get("/hello?next");

    private final UnaryOperator<ServerOptions> options;
    private final boolean onLoop;
    private final LeakCheck leaks = new LeakCheck();
    private final Site site = new Site();
    private HawserServer server;
    private RawClient innocent;

    private HttpTarget(UnaryOperator<ServerOptions> options, boolean onLoop) {
        this.options = options;
        this.onLoop = onLoop;
    }

    /** A server whose requests are answered on virtual threads; to be registered as an extension. */
    static HttpTarget with(UnaryOperator<ServerOptions> options) {
        return new HttpTarget(options, false);
    }

    static HttpTarget withDefaults() {
        return with(UnaryOperator.identity());
    }

    /** The same server, whose requests are answered on the loop. */
    HttpTarget onLoop() {
        return new HttpTarget(options, true);
    }

    // ---- requests

    /** Bytes of characters below 256. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] get(String target, String... lines) {
        return request("GET", target, lines);
    }

    /** A request's head, with a Host. */
    static byte[] request(String method, String target, String... lines) {
        String[] all = Stream.concat(Stream.of(HOST), Stream.of(lines)).toArray(String[]::new);
        return RawClient.head(method + " " + target + " HTTP/1.1", all);
    }

    /** A POST that tells the length of its body. */
    static byte[] post(String target, byte[] body, String... lines) {
        String[] all = Stream.concat(Stream.of("Content-Length: " + body.length), Stream.of(lines)).toArray(String[]::new);
        return RawClient.join(request("POST", target, all), body);
    }

    /** A POST with its body in chunks, which come as they are to be sent. */
    static byte[] chunked(String target, String chunks, String... lines) {
        String[] all = Stream.concat(Stream.of("Transfer-Encoding: chunked"), Stream.of(lines)).toArray(String[]::new);
        return RawClient.join(request("POST", target, all), bytes(chunks));
    }

    // ---- what comes of them

    RawClient connect() throws IOException {
        return RawClient.connect(server.port());
    }

    /** The answer to a request on a connection of its own. */
    RawResponse ask(byte[] request) throws IOException {
        try (RawClient client = connect()) {
            client.send(request);
            return client.readResponse();
        }
    }

    /** The answer to a HEAD on a connection of its own; asserts that no body is behind it. */
    RawResponse askForHead(String target, String... lines) throws IOException {
        try (RawClient client = connect()) {
            client.send(RawClient.join(request("HEAD", target, lines), NEXT));
            RawResponse response = client.readResponseHead();
            assertThat(client.readResponse().body()).isEqualTo("hello /hello?next");
            return response;
        }
    }

    /** Asserts that a request is answered by 200, and that the connection goes on with the request behind it. */
    RawResponse expectTaken(Cut cut, byte[] request) throws IOException {
        return expectAnswered(cut, request, 200);
    }

    /** The same with another status. */
    RawResponse expectAnswered(Cut cut, byte[] request, int status) throws IOException {
        try (RawClient client = connect()) {
            client.send(cut, RawClient.join(request, NEXT));
            RawResponse response = client.readResponse();
            assertThat(response.status()).as("%s", response).isEqualTo(status);
            assertThat(client.readResponse().body()).isEqualTo("hello /hello?next");
            return response;
        }
    }

    /** Asserts that a request is refused with one of these statuses and the connection closed: what is behind it is not answered. */
    RawResponse expectRefused(Cut cut, byte[] request, Integer... statuses) throws IOException {
        try (RawClient client = connect()) {
            client.send(cut, RawClient.join(request, bytes(HIDDEN)));
            RawResponse response = client.readResponse();
            assertThat(response.status()).as("%s", response).isIn((Object[]) statuses);
            assertThat(response.headers("Connection")).as("of %s", response).containsExactly("close");
            client.expectEnd();
            return response;
        }
    }

    int port() {
        return server.port();
    }

    Site site() {
        return site;
    }

    /** Waits for what another thread does, up to the hang guard. */
    static ConditionFactory awaiting() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(HANG_GUARD);
    }

    // ---- around the cases

    @Override
    public void beforeAll(ExtensionContext context) {
        leaks.beforeAll(context);
        HttpHandler handler = onLoop ? HttpHandler.async(site::answer) : site;
        server = HawserServer.start(
                o -> options.apply(Encryption.of(o).port(0).loops(1).maxBodyBytes(MAX_BODY).grace(Duration.ofSeconds(5))),
                handler);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        innocent = RawClient.open(server.port(), Site.INNOCENT);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            innocent.send(RawFrame.of(RawFrame.TEXT, "innocent"));
            innocent.expectEcho(RawFrame.TEXT, bytes("innocent"));
            assertThat(site.asked()).as("what was asked for").noneMatch(line -> line.contains(Site.HIDDEN));
        } finally {
            innocent.close();
            site.reset();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
        leaks.afterAll(context);
    }
}
