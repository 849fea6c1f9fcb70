// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpStatusException;
import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client wants to know before it sends a body (RFC 9110, 10.1.1). */
@Timeout(60)
class ExpectTest {
    private static final String EXPECT = "Expect: 100-continue";

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @RegisterExtension
    static final HttpTarget onLoop = HttpTarget.withDefaults().onLoop();

    private static void expectContinue(RawClient client) throws IOException {
        RawResponse response = client.readResponse();
        assertThat(response.status()).as("%s", response).isEqualTo(100);
        assertThat(response.headers("Connection")).isEmpty();
    }

    // ---- wanted

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void saysGoOnWhenTheBodyIsAskedFor(Cut cut) throws IOException {
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(cut, request("POST", "/echo", "Content-Length: 5", EXPECT));
                expectContinue(client);
                client.send(cut, RawClient.join(bytes("hello"), get("/hello")));
                assertThat(client.readResponse().body()).isEqualTo("hello");
                assertThat(client.readResponse().body()).isEqualTo("hello /hello");
            }
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void saysGoOnForChunks(Cut cut) throws IOException {
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(cut, request("POST", "/echo", "Transfer-Encoding: chunked", EXPECT));
                expectContinue(client);
                client.send(cut, RawClient.join(bytes("5\r\nhello\r\n"), bytes("0\r\n\r\n"), get("/hello")));
                assertThat(client.readResponse().body()).isEqualTo("hello");
                assertThat(client.readResponse().body()).isEqualTo("hello /hello");
            }
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"expect: 100-CONTINUE", "EXPECT:100-Continue", "Expect: \t100-continue\t"})
    void takesTheExpectationInAnyCase(String line) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(request("POST", "/echo", "Content-Length: 5", line));
            expectContinue(client);
            client.send(bytes("hello"));
            assertThat(client.readResponse().body()).isEqualTo("hello");
        }
    }

    /** Each request of a connection that wants to know is told. */
    @Tag("W1")
    @Test
    void saysGoOnToEachRequest() throws IOException {
        try (RawClient client = target.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send(request("POST", i % 2 == 0 ? "/echo" : "/length", "Content-Length: 1", EXPECT));
                expectContinue(client);
                client.send(bytes("1"));
                assertThat(client.readResponse().body()).isEqualTo("1");
            }
        }
    }

    /** Not before: the handler has not asked while it thinks. */
    @Tag("W1")
    @Test
    void saysNothingBeforeTheBodyIsAskedFor() throws Exception {
        CountDownLatch thought = new CountDownLatch(1);
        target.site().route("/thinks", request -> {
            thought.await();
            return Response.text(request.header("X-Wanted").isPresent() ? request.bodyText() : "unwanted");
        });
        try (RawClient client = target.connect()) {
            client.send(request("POST", "/thinks", "Content-Length: 5", EXPECT));
            HttpTarget.awaiting().until(() -> target.site().asked().contains("POST /thinks"));
            target.ask(get("/hello")); // once around the only loop
            thought.countDown();
            assertThat(client.readResponse().body()).isEqualTo("unwanted");
        }
    }

    /** RFC 9110 10.1.1: "A server MAY omit sending a 100 (Continue) response if it has already received some or all of the content". */
    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void takesABodyThatDoesNotWait(Cut cut) throws IOException {
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(cut, RawClient.join(request("POST", "/echo", "Content-Length: 5", EXPECT), bytes("hello"), get("/hello")));
                RawResponse response = client.readResponse();
                assertThat((response.status() == 100 ? client.readResponse() : response).body()).isEqualTo("hello");
                assertThat(client.readResponse().body()).isEqualTo("hello /hello");
            }
        }
    }

    // ---- unwanted

    /** RFC 9110 10.1.1: a server that answers by a final status in place of 100 must still know where the next request begins. */
    @Tag("W2")
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {"/leave", "/nowhere", "/refuses"})
    void doesNotSayGoOnWhereTheAnswerIsThereFirst(String path) throws IOException {
        target.site().route("/refuses", request -> {
            throw new HttpStatusException(403, "not you");
        });
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, request("POST", path, "Content-Length: " + HttpTarget.HIDDEN.length(), EXPECT));
                RawResponse response = client.readResponse();
                assertThat(response.status()).isIn(200, 403, 404);
                // One that had decided to send its body all the same: that is no request.
                client.send(cut, RawClient.join(bytes(HttpTarget.HIDDEN), get("/hello")));
                if (response.headers("Connection").isEmpty()) {
                    assertThat(client.readResponse().body()).isEqualTo("hello /hello");
                } else {
                    assertThat(client.readUntilEndOrReset()).isEmpty();
                }
            }
        }
    }

    @Tag("W2")
    @Test
    void refusesABodyThatIsTooLargeBeforeItIsSent() throws IOException {
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(request("POST", "/echo", "Content-Length: 1000000", EXPECT));
                assertThat(client.readResponse().status()).isEqualTo(413);
            }
        }
    }

    /** RFC 9110 10.1.1: "A server that receives an Expect field value containing a member other than 100-continue MAY respond with a 417". */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"200-ok", "100-continued", "x", "100-continue, x", "x=y;z", "100"})
    void fulfilsNoOtherExpectation(String expectation) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, request("POST", "/echo", "Content-Length: 5", "Expect: " + expectation));
                assertThat(client.readResponse().status()).isEqualTo(417);
            }
        }
        assertThat(target.site().asked()).noneMatch(line -> line.contains("/echo"));
    }

    // ---- where it means nothing

    /** RFC 9110 10.1.1: "A server that receives a 100-continue expectation in an HTTP/1.0 request MUST ignore that expectation." */
    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void ignoresTheExpectationOfHttp10(Cut cut) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(cut, RawClient.join(RawClient.head("POST /echo HTTP/1.0", "Content-Length: 5", EXPECT), bytes("hello")));
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("hello");
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"X: y", "Content-Length: 0"})
    void saysNothingToARequestWithoutABody(String line) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            assertThat(target.expectTaken(cut, request("POST", "/echo", line, EXPECT)).bytes()).isEmpty();
        }
    }
}
