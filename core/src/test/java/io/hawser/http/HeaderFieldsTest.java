// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.Response;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderFieldsTest {
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";

    private static List<Map.Entry<String, String>> fields(Response response, boolean keepAlive) {
        return fields(response, Delivery.of(response, false, keepAlive, false));
    }

    private static List<Map.Entry<String, String>> fields(Response response, Delivery delivery) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        HeaderFields.forEach(response, delivery, DATE, (name, value) -> fields.add(entry(name, value)));
        return fields;
    }

    @Test
    void addsLengthAndDate() {
        assertThat(fields(Response.text(200, "Müller"), true))
                .containsExactly(
                        entry("Content-Type", "text/plain; charset=utf-8"), entry("content-length", "7"), entry("date", DATE));
    }

    @Test
    void keepsTheApplicationsDate() {
        assertThat(fields(Response.of(200).withHeader("DATE", "then"), true))
                .containsExactly(entry("DATE", "then"), entry("content-length", "0"));
    }

    /** As a gateway answers with what it was refused with: that framed another message. */
    @Test
    void leavesOutHowAReceivedResponseWasFramed() {
        Map<String, List<String>> received = Map.of(
                "Content-Length", List.of("17"),
                "transfer-encoding", List.of("chunked"),
                "CONNECTION", List.of("close"),
                "Upgrade", List.of("h2c"),
                "X", List.of("y"));
        Response response = Response.received(403, HttpHeaders.of(received, (name, value) -> true), new byte[1]);
        assertThat(fields(response, true)).containsExactly(entry("X", "y"), entry("content-length", "1"), entry("date", DATE));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void addsNoLengthWhereThereIsNoBody(int status) {
        assertThat(fields(Response.of(status), true)).containsExactly(entry("date", DATE));
    }

    @Test
    void saysThatTheConnectionEnds() {
        assertThat(fields(Response.of(204), false)).containsExactly(entry("connection", "close"), entry("date", DATE));
    }

    @Test
    void saysWhatToUpgradeTo() {
        assertThat(fields(Response.of(426), false))
                .containsExactly(
                        entry("content-length", "0"),
                        entry("upgrade", "websocket"),
                        entry("connection", "upgrade"),
                        entry("connection", "close"),
                        entry("date", DATE));
    }

    private static Response streamed() {
        return Response.of(200, BinaryMessage.wrap(new byte[0]).chunks());
    }

    @Test
    void saysThatTheBodyIsInChunks() {
        assertThat(fields(streamed(), true)).containsExactly(entry("transfer-encoding", "chunked"), entry("date", DATE));
    }

    @Test
    void givesTheSameFieldsToHead() {
        for (Response response : List.of(streamed(), Response.text("four"), Response.of(204), Response.of(426))) {
            assertThat(fields(response, Delivery.of(response, true, true, false))).isEqualTo(fields(response, true));
        }
    }

    /** RFC 9112 6.1: no Transfer-Encoding to a client of HTTP/1.0. */
    @Test
    void endsWithTheConnectionInHttp10() {
        Response response = streamed();
        assertThat(fields(response, Delivery.of(response, false, true, true)))
                .containsExactly(entry("connection", "close"), entry("date", DATE));
        assertThat(fields(response, Delivery.of(response, true, true, true)))
                .as("no body, so no end")
                .containsExactly(entry("connection", "keep-alive"), entry("date", DATE));
    }

    @Test
    void saysThatTheConnectionGoesOnInHttp10() {
        Response response = Response.of(200);
        assertThat(fields(response, Delivery.of(response, false, true, true)))
                .containsExactly(entry("content-length", "0"), entry("connection", "keep-alive"), entry("date", DATE));
    }

    /** RFC 9110 15.3.6. */
    @Test
    void saysThatA205IsEmpty() {
        Response response = Response.text(205, "not sent");
        assertThat(fields(response.withHeader("Date", DATE), true)).contains(entry("content-length", "0"));
        assertThat(Delivery.of(response, false, true, false).carriesBody()).isFalse();
    }

    @Test
    void showsReceivedFieldsByNamesWhoseCaseDoesNotCount() {
        var seen = HeaderFields.received(List.of(entry("A", "1"), entry("b", "2"), entry("a", "3")));
        assertThat(seen.allValues("a")).containsExactly("1", "3");
        assertThat(seen.allValues("B")).containsExactly("2");
    }
}
