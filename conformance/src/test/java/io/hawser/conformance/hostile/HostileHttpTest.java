// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.conformance.raw.Sender;
import io.hawser.netty.LeakCheck;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain HTTP beside WebSocket, answered on virtual threads and on the loop. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HostileHttpTest {
    private static final String HOST = "Host: a";

    private static Target start(boolean onLoop) throws IOException {
        Target target = onLoop ? Target.withDefaults().onLoop() : Target.withDefaults();
        return target.startOn(Transport.AUTO);
    }

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void answersPipelinedRequestsInOrder(Cut cut) throws IOException {
        for (boolean onLoop : new boolean[] {false, true}) {
            try (Target target = start(onLoop);
                    RawClient client = target.connect()) {
                byte[] requests = RawClient.join(IntStream.range(0, 50)
                        .mapToObj(i -> (i % 5 == 4 ? "HEAD" : "GET") + " /hello?" + i + " HTTP/1.1")
                        .map(line -> RawClient.head(line, HOST))
                        .toArray(byte[][]::new));
                client.send(cut, requests);
                for (int i = 0; i < 50; i++) {
                    if (i % 5 == 4) {
                        String body = "hello /hello?" + i;
                        RawResponse response = client.readResponseHead();
                        assertThat(response.headers("Content-Length")).containsExactly("" + body.length());
                    } else {
                        assertThat(client.readResponse().body()).isEqualTo("hello /hello?" + i);
                    }
                }
            }
        }
    }

    /**
     * As many as fit into a few reads, which over TLS are of a record each and shorter: each is answered before the next is begun, and none
     * deepens the stack.
     */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersManyPipelinedRequests(boolean onLoop) throws Exception {
        byte[] one = RawClient.head("GET / HTTP/1.1", HOST);
        byte[][] many = new byte[Encryption.isOn() ? 5_000 : 20_000][];
        Arrays.fill(many, one);
        try (Target target = start(onLoop);
                RawClient client = target.connect();
                Sender sender = new Sender()) {
            sender.start(() -> client.send(RawClient.join(many)));
            for (int i = 0; i < many.length; i++) {
                assertThat(client.readResponse().status()).isEqualTo(404);
            }
            sender.expectDone();
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void upgradesBehindPipelinedRequests(boolean onLoop) throws IOException {
        try (Target target = start(onLoop)) {
            for (Cut cut : Cut.values()) {
                try (RawClient client = target.connect()) {
                    byte[] hello = RawClient.head("GET /hello HTTP/1.1", HOST);
                    byte[] text = RawFrame.of(RawFrame.TEXT, "behind").masked();
                    client.send(cut, RawClient.join(hello, hello, RawClient.upgrade("/streams"), text));
                    assertThat(client.readResponse().status()).isEqualTo(200);
                    assertThat(client.readResponse().status()).isEqualTo(200);
                    client.expectSwitched();
                    client.expectEcho(RawFrame.TEXT, new byte[] {'b', 'e', 'h', 'i', 'n', 'd'});
                    client.closeWith(1000);
                }
            }
        }
    }

    /** What is behind a request that ends the connection is not answered. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsTheConnectionWhenAskedTo(boolean onLoop) throws IOException {
        byte[] next = RawClient.head("GET /hello HTTP/1.1", HOST);
        try (Target target = start(onLoop)) {
            for (byte[] last : List.of(
                    RawClient.head("GET /hello HTTP/1.1", HOST, "Connection: close"),
                    RawClient.head("GET /hello HTTP/1.0", HOST),
                    RawClient.head("GET /hello HTTP/1.0"))) {
                for (Cut cut : Cut.values()) {
                    try (RawClient client = target.connect()) {
                        client.send(cut, RawClient.join(last, next));
                        RawResponse response = client.readResponse();
                        assertThat(response.status()).isEqualTo(200);
                        assertThat(response.headers("Connection")).containsExactly("close");
                        assertThat(client.readRest()).isEmpty();
                    }
                }
            }
        }
    }

    @Tag("H8")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void knowsNothingOfUpgradesWhereThereIsNoWebSocket(boolean onLoop) throws IOException {
        try (Target target = start(onLoop);
                RawClient client = target.connect()) {
            for (Cut cut : Cut.values()) {
                client.send(cut, RawClient.head("GET /nowhere HTTP/1.1", HOST));
                assertThat(client.readResponse().status()).isEqualTo(404);
                client.send(cut, RawClient.upgrade("/nowhere"));
                assertThat(client.readResponse().status()).isEqualTo(404);
                client.send(cut, RawClient.upgrade("/hello"));
                assertThat(client.readResponse().body()).isEqualTo("hello /hello");
                client.send(cut, RawClient.head("HEAD /nowhere HTTP/1.1", HOST));
                assertThat(client.readResponseHead().status()).isEqualTo(404);
            }
        }
    }

    /** The reader is slow: what is large waits, and what follows it stays behind it. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsALargeResponseToASlowReader(boolean onLoop) throws IOException {
        String large = "x".repeat(10 << 20);
        try (Target target = start(onLoop)) {
            target.app().route("/large", request -> Response.text(200, large));
            try (RawClient client = RawClient.connect(target.port(), 16 << 10)) {
                byte[] request = RawClient.head("GET /large HTTP/1.1", HOST);
                client.send(RawClient.join(request, RawClient.head("GET /large HTTP/1.1", HOST, "Connection: close")));
                try (RawClient other = target.connect()) {
                    other.send(RawClient.head("GET /hello HTTP/1.1", HOST));
                    assertThat(other.readResponse().status()).as("served meanwhile").isEqualTo(200);
                }
                assertThat(client.readResponse().body()).isEqualTo(large);
                assertThat(client.readResponse().body()).isEqualTo(large);
                assertThat(client.readRest()).isEmpty();
            }
        }
    }

    /**
     * It is asked for no more while a response waits, so what waits is one response; and that is not kept for ever. Needs sockets: what
     * waits, waits in the transport.
     */
    @Tag("W1")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void cutsOffAClientThatAsksForEverAndReadsNothing(Transport transport) throws IOException {
        String large = "x".repeat(10 << 20);
        AtomicInteger asked = new AtomicInteger();
        Target shortOfPatience = Target.with(o -> o.webSocket(w -> w.noProgressTimeout(Duration.ofMillis(200))));
        try (Target target = shortOfPatience.startOn(transport);
                RawClient client = RawClient.connect(target.port(), 16 << 10);
                Sender sender = new Sender()) {
            target.app().route("/large", request -> {
                asked.incrementAndGet();
                return Response.text(200, large);
            });
            byte[] request = RawClient.head("GET /large HTTP/1.1", HOST);
            sender.start(() -> {
                while (true) {
                    client.send(request);
                }
            });
            sender.expectOver();
            assertThat(asked).hasValue(1);
        }
    }

    /** What the client has asked for behind it is not answered any more. */
    @Tag("hostile-63")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void finishesAResponseThatIsLeavingWhenTheServerStops(Transport transport) throws IOException {
        String large = "x".repeat(10 << 20);
        Target target = Target.with(o -> o.grace(Duration.ofMinutes(10))).startOn(transport);
        target.farewell();
        target.app().route("/large", request -> Response.text(200, large));
        try (RawClient idle = target.connect();
                RawClient client = RawClient.connect(target.port(), 16 << 10);
                Sender stopping = new Sender()) {
            client.send(RawClient.join(
                    RawClient.head("GET /large HTTP/1.1", HOST), RawClient.head("GET /hello HTTP/1.1", HOST)));
            assertThat(client.readResponseHead().status()).isEqualTo(200);
            stopping.start(() -> target.server().close());
            assertThat(idle.readRest()).as("closed, so it is stopping").isEmpty();
            assertThat(client.readRest().equals(large)).as("all of the response, and nothing else").isTrue();
            client.close();
            stopping.expectDone();
        }
    }
}
