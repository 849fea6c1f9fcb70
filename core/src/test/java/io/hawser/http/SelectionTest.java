// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
    private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String CHANGED = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";

    private static final Response DIGITS = Response.text("0123456789").withHeader("Last-Modified", CHANGED);
    private static final Response TAGGED = DIGITS.withHeader("ETag", "\"one\"");

    private static Request request(String method, String... fields) {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (String field : fields) {
            String[] pair = field.split(": ", 2);
            all.add(Map.entry(pair[0], pair[1]));
        }
        return KnownRequest.of(method, "/", HeaderFields.received(all), InetSocketAddress.createUnresolved("peer", 1));
    }

    private static Response selected(Response response, String... fields) {
        return Selection.of(request("GET", fields), response, false, Surroundings.ofSystem());
    }

    private static String text(Response.Body body) {
        return switch (body) {
            case Response.Body.Bytes bytes -> StandardCharsets.ISO_8859_1.decode(bytes.data()).toString();
            case Response.Body.Sequence sequence -> sequence.parts().stream().map(SelectionTest::text).collect(Collectors.joining());
            case Response.Body.FilePart file -> file.toString();
            case Response.Body.Stream stream -> stream.toString();
        };
    }

    // ---- conditions

    /** RFC 9110 13.2.2, step by step. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match: \"one\"                         | 200",
                "If-Match: \"two\", \"one\"                | 200",
                "If-Match: *                               | 200",
                "If-Match: \"two\"                         | 412",
                "If-Match: W/\"one\"                       | 412",
                "If-Match: one                             | 412",
                "If-Unmodified-Since: " + CHANGED + "      | 200",
                "If-Unmodified-Since: " + AFTER + "        | 200",
                "If-Unmodified-Since: " + BEFORE + "       | 412",
                "If-Unmodified-Since: yesterday            | 200",
                "If-None-Match: \"one\"                    | 304",
                "If-None-Match: W/\"one\"                  | 304",
                "If-None-Match: \"a,b\" ,, W/\"one\"       | 304",
                "If-None-Match: *                          | 304",
                "If-None-Match: \"two\"                    | 200",
                "If-None-Match: \"ONE\"                    | 200",
                "If-Modified-Since: " + CHANGED + "        | 304",
                "If-Modified-Since: " + AFTER + "          | 304",
                "If-Modified-Since: " + BEFORE + "         | 200",
                "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT | 304",
                "If-Modified-Since: Sun Nov  6 08:49:37 1994       | 304",
                "If-Modified-Since: 6 November             | 200",
            })
    void obeysConditions(String condition, int status) {
        for (String method : List.of("GET", "HEAD")) {
            assertThat(Selection.of(request(method, condition), TAGGED, false, Surroundings.ofSystem()).status()).isEqualTo(status);
        }
    }

    @Test
    void putsTagsInFrontOfDates() {
        assertThat(selected(TAGGED, "If-Match: \"one\"", "If-Unmodified-Since: " + BEFORE).status()).isEqualTo(200);
        assertThat(selected(TAGGED, "If-None-Match: \"two\"", "If-Modified-Since: " + AFTER).status()).isEqualTo(200);
        assertThat(selected(TAGGED, "If-Match: \"two\"", "If-None-Match: \"one\"").status()).isEqualTo(412);
        assertThat(selected(TAGGED, "If-Unmodified-Since: " + BEFORE, "If-None-Match: \"one\"").status()).isEqualTo(412);
    }

    @Test
    void goesByWhatThereIs() {
        Response dated = DIGITS;
        assertThat(selected(dated, "If-Match: \"one\"").status()).isEqualTo(412);
        assertThat(selected(dated, "If-None-Match: \"one\"").status()).isEqualTo(200);
        Response tagged = Response.text("x").withHeader("ETag", "W/\"one\"");
        assertThat(selected(tagged, "If-Modified-Since: " + AFTER).status()).isEqualTo(200);
        assertThat(selected(tagged, "If-Unmodified-Since: " + BEFORE).status()).isEqualTo(200);
        assertThat(selected(tagged, "If-None-Match: \"one\"").status()).isEqualTo(304);
        assertThat(selected(Response.text("x"), "If-Match: \"one\"").status()).as("no validator").isEqualTo(200);
    }

    @Test
    void leavesOtherMethodsAndStatuses() {
        assertThat(Selection.of(request("POST", "If-None-Match: *"), TAGGED, false, Surroundings.ofSystem())).isSameAs(TAGGED);
        Response missing = TAGGED.withStatus(404);
        assertThat(selected(missing, "If-None-Match: *")).isSameAs(missing);
    }

    /** RFC 9110 15.4.5. */
    @Test
    void leavesOfA304WhatCachesNeed() {
        Response response = selected(
                TAGGED.withHeader("Vary", "Cookie")
                        .withHeader("Cache-Control", "no-cache")
                        .withHeader("Content-Location", "/a")
                        .withHeader("Set-Cookie", "a=1")
                        .withHeader("Set-Cookie", "b=2")
                        .withHeader("Content-Language", "de"),
                "If-None-Match: \"one\"");
        assertThat(response.bodyBytes().hasRemaining()).isFalse();
        assertThat(response.headers().map())
                .containsOnlyKeys("ETag", "Vary", "Cache-Control", "Content-Location", "Set-Cookie")
                .containsEntry("Set-Cookie", List.of("a=1", "b=2"));
        assertThat(selected(DIGITS, "If-Modified-Since: " + AFTER).headers().map()).containsOnlyKeys("Last-Modified");
    }

    // ---- ranges

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-4     | bytes 0-4/10 | 01234",
                "bytes=5-      | bytes 5-9/10 | 56789",
                "bytes=-3      | bytes 7-9/10 | 789",
                "bytes=-99     | bytes 0-9/10 | 0123456789",
                "bytes=8-99    | bytes 8-9/10 | 89",
                "BYTES=9-9     | bytes 9-9/10 | 9",
                "'bytes= 1-2 ,'| bytes 1-2/10 | 12",
                "'bytes=50-60,3-4'                      | bytes 3-4/10 | 34",
                "bytes=2-999999999999999999 | bytes 2-9/10 | 23456789",
                "bytes=2-99999999999999999999 | bytes 2-9/10 | 23456789",
                "bytes=-99999999999999999999 | bytes 0-9/10 | 0123456789",
                "bytes=00000000000000000002-3 | bytes 2-3/10 | 23",
            })
    void sendsARange(String range, String contentRange, String body) {
        Response response = selected(TAGGED, "Range: " + range);
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.header("Content-Range")).contains(contentRange);
        assertThat(response.header("ETag")).contains("\"one\"");
        assertThat(response.header("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(text(response.body())).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=", "bytes=,", "bytes=-", "bytes=4-3", "bytes=a-b", "bytes=1-2;", "bytes 1-2", "lines=1-2", "bytes=0-1,x",
                "bytes=3-2", "bytes=+1-2", "bytes=1--2", "bytes=0-1,1-2", "bytes=0-,-1"
            })
    void sendsTheWholeForARangeThatIsNone(String range) {
        Response response = selected(TAGGED, "Range: " + range);
        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response.body())).isEqualTo("0123456789");
        assertThat(response.header("Accept-Ranges")).contains("bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-11,50-60", "bytes=-0"})
    void refusesARangeThatIsNotThere(String range) {
        Response response = selected(TAGGED, "Range: " + range);
        assertThat(response.status()).isEqualTo(416);
        assertThat(response.header("Content-Range")).contains("bytes */10");
    }

    @Test
    void sendsSeveralRanges() {
        Response response = selected(TAGGED, "Range: bytes=0-1, 4-5, -1");
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.header("Content-Range")).isEmpty();
        String type = response.header("Content-Type").orElseThrow();
        assertThat(type).matches("multipart/byteranges; boundary=hawser-[0-9a-f]+");
        String boundary = type.substring(type.indexOf('=') + 1);
        String head = "--" + boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ";
        assertThat(text(response.body()))
                .isEqualTo(head + "0-1/10\r\n\r\n01\r\n" + head + "4-5/10\r\n\r\n45\r\n" + head + "9-9/10\r\n\r\n9\r\n--" + boundary + "--\r\n");
    }

    @Test
    @Tag("W1")
    void sendsTheWholeForTooManyRanges() {
        Response response = Response.text("x".repeat(100)).withHeader("ETag", "\"one\"");
        for (int count : new int[] {16, 17}) {
            String ranges = IntStream.range(0, count).mapToObj(i -> 2 * i + "-" + 2 * i).collect(Collectors.joining(","));
            assertThat(selected(response, "Range: bytes=" + ranges).status()).isEqualTo(count == 16 ? 206 : 200);
        }
    }

    @Test
    void sendsPartsOfFiles() {
        Path path = Path.of("film.mp4");
        Response film = Response.of(200).withBody(new Response.Body.FilePart(path, 5, 100)).withHeader("ETag", "\"one\"");
        assertThat(selected(film, "Range: bytes=10-19").body()).isEqualTo(new Response.Body.FilePart(path, 15, 10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"one\"                | 206",
                "\"two\"                | 200",
                "W/\"one\"              | 200",
                CHANGED + "             | 206",
                "Sunday, 06-Nov-94 08:49:37 GMT | 206",
                AFTER + "               | 200",
                BEFORE + "              | 200",
                "then                   | 200"
            })
    void sendsARangeOnlyOfWhatTheClientHas(String condition, int status) {
        assertThat(selected(TAGGED, "Range: bytes=0-1", "If-Range: " + condition).status()).isEqualTo(status);
    }

    /** RFC 9110 14.2: GET is the only method for which range handling is defined. */
    @Test
    void takesRangesForGetAlone() {
        Response response = Selection.of(request("HEAD", "Range: bytes=0-1"), TAGGED, false, Surroundings.ofSystem());
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Accept-Ranges")).contains("bytes");
    }

    @Test
    void hasNoRangesWhereThereIsNothingToTellThemBy() {
        Response plain = Response.text("0123456789");
        assertThat(selected(plain, "Range: bytes=0-1")).isSameAs(plain);
        Response streamed = TAGGED.withBody(new Response.Body.Stream(subscriber -> {}, OptionalLong.empty()));
        assertThat(selected(streamed, "Range: bytes=0-1")).isSameAs(streamed);
        Response empty = TAGGED.withBody(new Response.Body.Bytes(ByteBuffer.allocate(0)));
        assertThat(selected(empty, "Range: bytes=0-1").status()).isEqualTo(416);
    }
}
