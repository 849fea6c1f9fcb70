// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static io.hawser.HttpHandler.webSocket;
import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Offers of compression (RFC 7692, 5 and 7.1), right and wrong, and what a server makes of them. */
@Timeout(60)
class HostileOfferTest {
    private static HawserServer server;

    @BeforeAll
    static void start() {
        server = HawserServer.start(o -> Encryption.of(o).port(0), webSocket(each(message -> message)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The response to a request with these fields of offers, on a connection that is proved to work behind it. */
    private static List<String> answer(String... offers) throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            String[] fields = Arrays.stream(offers).map(offer -> "Sec-WebSocket-Extensions: " + offer).toArray(String[]::new);
            client.send(RawClient.upgrade("/", fields));
            RawResponse response = client.readResponse();
            assertThat(response.status()).as("%s", response).isEqualTo(101);
            client.send(RawFrame.of(RawFrame.TEXT, "hello").masked());
            client.expectEcho(RawFrame.TEXT, "hello".getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
            return response.headers("Sec-WebSocket-Extensions");
        }
    }

    @Tag("H2")
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate | permessage-deflate
            permessage-deflate; client_max_window_bits | permessage-deflate
            permessage-deflate; client_max_window_bits=9 | permessage-deflate; client_max_window_bits=9
            permessage-deflate; client_max_window_bits="9" | permessage-deflate; client_max_window_bits=9
            permessage-deflate; client_max_window_bits=15 | permessage-deflate
            permessage-deflate; server_max_window_bits=8 | permessage-deflate; server_max_window_bits=8
            permessage-deflate; server_max_window_bits=15 | permessage-deflate; server_max_window_bits=15
            permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover
            permessage-deflate; client_no_context_takeover | permessage-deflate; client_no_context_takeover
            permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=11 | \
            permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=11
            permessage-deflate; server_max_window_bits=7, permessage-deflate; unheard_of, permessage-deflate; server_max_window_bits=12 | \
            permessage-deflate; server_max_window_bits=12
            x-webkit-deflate-frame, permessage-deflate, permessage-deflate; server_no_context_takeover | permessage-deflate
            """)
    void takesTheFirstOfferThatIsValid(String offer, String answer) throws IOException {
        assertThat(answer(offer)).containsExactly(answer);
        assertThat(answer("unheard-of", offer)).containsExactly(answer);
    }

    @Tag("hostile-48")
    @ParameterizedTest
    @ValueSource(strings = {
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=010",
        "permessage-deflate; server_max_window_bits=9999999999999999999",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=08",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover=true",
        "permessage-deflate; client_no_context_takeover=1",
        "permessage-deflate; unheard_of",
        "permessage-deflate; unheard_of=1",
        "x-webkit-deflate-frame",
        "unheard-of; permessage-deflate",
    })
    void declinesAnOfferThatIsNone(String offer) throws IOException {
        assertThat(answer(offer)).isEmpty();
    }

    /** Nothing of an offer is repeated but what was understood. */
    @Tag("H10")
    @ParameterizedTest
    @ValueSource(strings = {
        "permessage-deflate; client_max_window_bits=\"10 \"",
        "permessage-deflate; client_max_window_bits=\"10\\\t\"",
        "permessage-deflate; client_max_window_bits=\"1\u00e9\"",
        "permessage-deflate; \"client_max_window_bits\"",
    })
    void refusesAnOfferThatCannotStandInAHeader(String offer) throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(RawClient.upgrade("/", "Sec-WebSocket-Extensions: " + offer));
            RawResponse response = client.readResponse();
            assertThat(response.status()).as("%s", response).isEqualTo(400);
            assertThat(response.headers("Sec-WebSocket-Extensions")).isEmpty();
        }
    }
}
