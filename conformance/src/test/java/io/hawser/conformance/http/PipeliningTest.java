// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.chunked;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.post;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.conformance.raw.Sender;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 9.3.2: "A server […] MUST send the corresponding responses in the same order that the requests were received." */
@Timeout(60)
class PipeliningTest {
    private static final int KINDS = 7;

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @RegisterExtension
    static final HttpTarget onLoop = HttpTarget.withDefaults().onLoop();

    /** Requests of every kind by turns, each of which says its number. */
    private static byte[] numbered(int i) {
        return switch (i % KINDS) {
            case 0 -> get("/hello?" + i);
            case 1 -> post("/echo", bytes("number " + i));
            case 2 -> request("HEAD", "/hello?" + i);
            case 3 -> chunked("/echo", "7\r\nnumber \r\n" + Integer.toHexString(("" + i).length()) + ";n=" + i + "\r\n" + i + "\r\n0\r\n\r\n");
            case 4 -> get("/streamed?" + i);
            case 5 -> post("/leave?" + i, new byte[300]);
            default -> get("/nowhere?" + i);
        };
    }

    private static void expectAnswer(RawClient client, int i) throws IOException {
        boolean head = i % KINDS == 2;
        RawResponse response = head ? client.readResponseHead() : client.readResponse();
        switch (i % KINDS) {
            case 0 -> assertThat(response.body()).isEqualTo("hello /hello?" + i);
            case 1, 3 -> assertThat(response.body()).isEqualTo("number " + i);
            case 2 -> assertThat(response.headers("Content-Length")).containsExactly("" + ("hello /hello?" + i).length());
            case 4 -> assertThat(response.body()).isEqualTo("streamed " + i);
            case 5 -> assertThat(response.body()).isEqualTo("left");
            default -> assertThat(response.status()).isEqualTo(404);
        }
    }

    private static void streamWhatIsAskedFor(HttpTarget each) {
        each.site().route("/streamed", request ->
                Response.of(200, Chunks.of("streamed ", request.target().substring("/streamed?".length()))));
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 100, 1000})
    void answersRequestsOfEveryKindInOrder(int count) throws IOException {
        byte[] all = RawClient.join(IntStream.range(0, count).mapToObj(PipeliningTest::numbered).toArray(byte[][]::new));
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            streamWhatIsAskedFor(each);
            try (RawClient client = each.connect();
                    Sender sender = new Sender()) {
                sender.start(() -> client.send(all));
                for (int i = 0; i < count; i++) {
                    expectAnswer(client, i);
                }
                sender.expectDone();
            }
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void answersInOrderHoweverTheyAreCut(Cut cut) throws IOException {
        byte[] all = RawClient.join(IntStream.range(0, 3 * KINDS).mapToObj(PipeliningTest::numbered).toArray(byte[][]::new));
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            streamWhatIsAskedFor(each);
            try (RawClient client = each.connect()) {
                client.send(cut, all);
                for (int i = 0; i < 3 * KINDS; i++) {
                    expectAnswer(client, i);
                }
            }
        }
    }

    /** The first is answered last of all that the server is asked meanwhile, and still the next one waits for it. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void letsNoAnswerOvertakeASlowOne(boolean loop) throws IOException {
        HttpTarget each = loop ? onLoop : target;
        CompletableFuture<Response> answer = new CompletableFuture<>();
        each.site().route("/slow", loop ? HttpHandler.async(request -> answer) : request -> answer.join());
        try (RawClient client = each.connect()) {
            client.send(RawClient.join(get("/slow"), get("/hello?1"), post("/echo", bytes("2")), get("/hello?3")));
            HttpTarget.awaiting().until(() -> each.site().asked().contains("GET /slow"));
            assertThat(each.ask(get("/hello?other")).body()).as("on another connection").isEqualTo("hello /hello?other");
            answer.complete(Response.text("slow"));
            assertThat(client.readResponse().body()).isEqualTo("slow");
            assertThat(client.readResponse().body()).isEqualTo("hello /hello?1");
            assertThat(client.readResponse().body()).isEqualTo("2");
            assertThat(client.readResponse().body()).isEqualTo("hello /hello?3");
        }
    }

    /** What has side effects is not begun before the answer to what was sent in front of it is known. */
    @Tag("W1")
    @Test
    void asksTheApplicationInOrder() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(IntStream.range(0, 50).mapToObj(i -> post("/leave?" + i, new byte[10])).toArray(byte[][]::new)));
            for (int i = 0; i < 50; i++) {
                assertThat(client.readResponse().body()).isEqualTo("left");
            }
        }
        List<String> posted = target.site().asked().stream().filter(line -> line.startsWith("POST")).toList();
        assertThat(posted).isEqualTo(IntStream.range(0, 50).mapToObj(i -> "POST /leave?" + i).toList());
    }

    /** None of them is for a client that is gone. */
    @Tag("W1")
    @Test
    void asksNothingMoreForAClientThatIsGone() throws IOException {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        target.site().route("/gone", request -> answer.join());
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(get("/gone"), bytes(HttpTarget.HIDDEN)));
            HttpTarget.awaiting().until(() -> target.site().asked().contains("GET /gone"));
            client.reset();
        }
        assertThat(target.ask(get("/hello")).status()).as("behind the reset, on the only loop").isEqualTo(200);
        answer.complete(Response.text("late"));
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /hello HTTP/1.0\r\n\r\n", "GET /hello HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n"})
    void answersUpToTheOneThatEndsTheConnection(String last) throws IOException {
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(RawClient.join(get("/hello?1"), post("/echo", bytes("2")), bytes(last), bytes(HttpTarget.HIDDEN.repeat(20))));
                assertThat(client.readResponse().body()).isEqualTo("hello /hello?1");
                assertThat(client.readResponse().body()).isEqualTo("2");
                assertThat(client.readResponse().headers("Connection")).containsExactly("close");
                client.expectEnd();
            }
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void upgradesBehindBodies(Cut cut) throws IOException {
        try (RawClient client = target.connect()) {
            byte[] text = RawFrame.of(RawFrame.TEXT, "behind").masked();
            byte[] body = post("/echo", bytes("hello"));
            client.send(cut, RawClient.join(body, chunked("/leave", "5\r\nhello\r\n0\r\n\r\n"), RawClient.upgrade(Site.INNOCENT), text));
            assertThat(client.readResponse().body()).isEqualTo("hello");
            assertThat(client.readResponse().body()).isEqualTo("left");
            client.expectSwitched();
            client.expectEcho(RawFrame.TEXT, bytes("behind"));
            client.closeWith(1000);
        }
    }
}
