// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.HOST;
import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request asks for, in each form that a target has (RFC 9112, 3.2; RFC 3986), and what the application sees of it. */
@Timeout(60)
class TargetTest {
    private static final int LINE_BYTES = 8 << 10;

    /** The only site whose paths are all the same: it says what it was asked for. */
    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @BeforeEach
    void sayWhatIsAskedFor() {
        target.site().otherwise(request -> {
            Map<String, List<String>> query = new TreeMap<>(request.query());
            return Response.text(request.target() + "\n" + request.rawPath() + "\n" + request.path() + "\n" + query);
        });
    }

    private static void expectSeen(String asked, String rawPath, String path, String query) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            String seen = target.expectTaken(cut, get(asked)).body();
            assertThat(seen).isEqualTo(asked + "\n" + rawPath + "\n" + path + "\n" + query);
        }
    }

    private static void expectRefused(String line, String host) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            target.expectRefused(cut, RawClient.head(line, "Host: " + host), 400);
        }
    }

    // ---- paths

    @Tag("W1")
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "//, //",
        "///a//b/, ///a//b/",
        "/a.b-c_d~e, /a.b-c_d~e",
        "/a;b=c, /a;b=c",
        "'/a,b', '/a,b'",
        "'/!$&''()*+,;=:@', '/!$&''()*+,;=:@'",
        "/a+b, /a+b",
        "/a%20b, /a b",
        "/%41%42%43, /ABC",
        "/caf%C3%A9, /café",
        "/caf%c3%a9, /café",
        "/%E6%97%A5, /日",
        "/%F0%9F%99%82, /🙂",
        "/a%2Fb, /a/b",
        "/a%2fb, /a/b",
        "/a%5Cb, /a\\b",
        "/a%3Fb, /a?b",
        "/a%23b, /a#b",
        "/a%25b, /a%b",
        "/a%2541, /a%41",
        "/%7e, /~",
        "/%2e%2e, /.."
    })
    void showsThePathDecodedOnce(String asked, String path) throws IOException {
        expectSeen(asked, asked, path, "{}");
    }

    /** As they were sent: whoever looks for files by them has to care, and says so. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"/.", "/..", "/./", "/../", "/a/./b", "/a/../b", "/../../etc/passwd", "/a/..;/b", "/..."})
    void leavesDotSegmentsAsTheyAre(String asked) throws IOException {
        expectSeen(asked, asked, asked, "{}");
    }

    @Tag("W3")
    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {"/%", "/a%", "/a%2", "/a%zz", "/a%2z", "/a%z2", "/%%41", "/%-1", "/% 1", "/%u0041", "/a%/b", "/%\u00e9", "http://a/%", "http://a/%zz?b"})
    void refusesBadEscapes(String asked) throws IOException {
        expectRefused("GET " + asked + " HTTP/1.1", "a");
    }

    /** Bytes that are no UTF-8 are no fault of the request's form. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"/%FF", "/%C3", "/%C0%AF", "/%ED%A0%80", "/%F8%88%80%80%80", "/%80"})
    void showsWhatIsNoTextAsReplaced(String asked) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            String[] seen = target.expectTaken(cut, get(asked)).body().split("\n", -1);
            assertThat(seen[1]).isEqualTo(asked);
            // overlong forms above all: "/" is not among what %C0%AF decodes to
            assertThat(seen[2]).matches("/\ufffd+");
        }
    }

    @Tag("W3")
    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {"/\u00e9", "/caf\u00c3\u00a9", "/\u0080", "/\u00ff", "/\u0001", "/\u007f", "/a\tb", "/a\u000bb", "/a\fb", "/?\u00e9", "/?a=\u0000", "/a#b", "/#", "/?a#b"})
    void refusesBytesThatNoTargetHas(String asked) throws IOException {
        expectRefused("GET " + asked + " HTTP/1.1", "a");
    }

    // ---- queries

    @Tag("W1")
    @ParameterizedTest
    @CsvSource({
        "/?, {}",
        "/?a, {a=[]}",
        "/?a=, {a=[]}",
        "/?a=1, {a=[1]}",
        "/?a=1&a=2, '{a=[1, 2]}'",
        "/?a=1&b=2, '{a=[1], b=[2]}'",
        "/?b=2&a=1, '{a=[1], b=[2]}'",
        "/?&&a=1&, {a=[1]}",
        "/?=1, {=[1]}",
        "/?a=b=c, {a=[b=c]}",
        "/?a=b?c, {a=[b?c]}",
        "/??, {?=[]}",
        "/?a=/b/../c, {a=[/b/../c]}",
        "/?a+b=c+d, {a b=[c d]}",
        "/?a=b%2Bc%20d, {a=[b+c d]}",
        "/?caf%C3%A9=%E6%97%A5, {café=[日]}",
        "/?a%3Db=c%26d, {a=b=[c&d]}",
        "/?a=1;b=2, {a=[1;b=2]}"
    })
    void showsTheParametersOfTheQuery(String asked, String query) throws IOException {
        expectSeen(asked, "/", "/", query);
    }

    @Tag("W1")
    @ParameterizedTest
    @CsvSource({"/?a=%, {a=[%]}", "/?a=%z, {a=[%z]}", "/?a=100%&b=%zz, '{a=[100%], b=[%zz]}'", "/?%=%4, {%=[%4]}"})
    void takesAPercentSignInAQueryForItself(String asked, String query) throws IOException {
        expectSeen(asked, "/", "/", query);
    }

    // ---- other forms

    /** RFC 9112 3.2.2: "a server MUST accept the absolute-form in requests even though most HTTP/1.1 clients will only send the absolute-form to a proxy" */
    @Tag("W1")
    @ParameterizedTest
    @CsvSource({
        "http://a/b, /b",
        "http://a, /",
        "http://a/, /",
        "HTTP://a/b, /b",
        "https://a/b, /b",
        "http://A/b, /b",
        "http://a?b, /",
        "http://a/b?c=d/e, /b",
        "http://a//b, //b",
        "http://a/http://b/c, /http://b/c"
    })
    void takesTheAbsoluteForm(String asked, String path) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            String[] seen = target.expectTaken(cut, get(asked)).body().split("\n", -1);
            assertThat(List.of(seen).subList(0, 3)).containsExactly(asked, path, path);
        }
    }

    /** Which of the two a proxy in front went by is not known here. */
    @Tag("W3")
    @Tag("hostile-14")
    @ParameterizedTest
    @CsvSource({"http://b/, a", "http://a:81/, a", "http://a/, a:81", "http://user@a/, a", "http:///b, a", "http://, a", "http://a.b/, a", "http://a@b/, a", "http://a\\b/, a"})
    void refusesAnAbsoluteFormThatIsNotTheHosts(String asked, String host) throws IOException {
        expectRefused("GET " + asked + " HTTP/1.1", host);
    }

    @Tag("W3")
    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {"a", "a:80", "*", "*/a", "ftp://a/", "file:///etc/passwd", "javascript:alert(1)", "?a", "\\a", "http:/a", "http:a", "../a", "."})
    void refusesWhatIsNoTarget(String asked) throws IOException {
        expectRefused("GET " + asked + " HTTP/1.1", "a");
    }

    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "options", "TRACE"})
    void takesAnAsteriskForOptionsOnly(String method) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(RawClient.head(method + " * HTTP/1.1", HOST), bytes(HttpTarget.HIDDEN)));
                assertThat((method.equals("HEAD") ? client.readResponseHead() : client.readResponse()).status()).isEqualTo(400);
                client.expectEnd();
            }
        }
    }

    // ---- length

    @Tag("W1")
    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource(names = {"WHOLE", "SEED_20", "SEED_300"})
    void takesATargetAsLongAsItsLineMayBe(Cut cut) throws IOException {
        int length = LINE_BYTES - "GET  HTTP/1.1".length();
        String path = "/" + "%41".repeat((length - 1) / 3);
        assertThat(target.expectTaken(cut, get(path)).body()).contains("\n/" + "A".repeat((length - 1) / 3) + "\n");
        String query = "/?" + "a&".repeat((length - 2) / 2);
        assertThat(target.expectTaken(cut, get(query)).body()).startsWith(query + "\n/\n");
        assertThat(target.expectRefused(cut, get(query + "&&&"), 414).status()).isEqualTo(414);
    }
}
