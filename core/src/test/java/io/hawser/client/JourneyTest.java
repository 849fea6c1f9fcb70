// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.ConnectFailedException;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.Tls;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocket;
import io.hawser.netty.LeakCheck;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Needs a socket: redirects lead from one server and scheme to another; its times only keep it short. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class JourneyTest {
    private static HawserClient client;

    private final Queue<Request> seen = new ConcurrentLinkedQueue<>();
    private HawserServer server;
    private HawserServer other;

    @BeforeAll
    static void startClient() {
        client = HawserClient.create(o -> Encryption.of(o).redirects(3).header("X-Api-Key", "k").header("Cookie", "mine=1").bearer("token"));
    }

    @AfterAll
    static void stopClient() {
        client.close();
    }

    @BeforeEach
    void startServers() {
        server = HawserServer.start(o -> Encryption.of(o).port(0).grace(Duration.ofSeconds(5)), this::answer);
        other = HawserServer.start(o -> Encryption.of(o).port(0).grace(Duration.ofSeconds(5)), this::answer);
    }

    @AfterEach
    void stopServers() {
        server.close();
        other.close();
    }

    /** At {@code /end} it accepts; at {@code /302?there} it redirects to {@code there}, a reference that may be absolute. */
    private Response answer(Request request) {
        seen.add(request);
        if (request.path().equals("/end")) {
            return request.upgrade()
                    .map(u -> u.accept(direct(socket -> socket.send("here"))).withHeader("Set-Cookie", "end=1; Path=/"))
                    .orElseThrow();
        }
        int status = Integer.parseInt(request.path().substring(1));
        Response response = Response.text(status, "from " + status).withHeader("Set-Cookie", "seen" + status + "=1; Path=/");
        String target = request.target();
        return target.contains("?") ? response.withHeader("Location", target.substring(target.indexOf('?') + 1)) : response;
    }

    private static String at(HawserServer where, String target) {
        return Encryption.scheme() + "://127.0.0.1:" + where.port() + target;
    }

    private static void assertThatItArrives(String uri, UnaryOperator<ConnectOptions> options) {
        try (WebSocket socket = client.connect(URI.create(uri), options)) {
            assertThat(socket.receive().text()).isEqualTo("here");
        }
    }

    private List<String> values(String header) {
        return seen.stream()
                .map(request -> String.join("|", request.headers().allValues(header)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    @Tag("U7")
    void followsRedirects(int status) {
        assertThatItArrives(at(server, "/" + status + "?/end"), o -> o);
        assertThat(seen).extracting(Request::target).containsExactly("/" + status + "?/end", "/end");
        assertThat(values("Host")).containsOnly("127.0.0.1:" + server.port());
        assertThat(values("Authorization")).containsExactly("Bearer token", "Bearer token");
        assertThat(values("Sec-WebSocket-Key")).as("a fresh key for each request").doesNotHaveDuplicates();
    }

    @Test
    @Tag("U7")
    void keepsCredentialsFromOtherOrigins() {
        String there = (Encryption.isOn() ? "https" : "http") + "://127.0.0.1:" + other.port() + "/302?" + at(server, "/end");
        assertThatItArrives(at(server, "/302?" + there), o -> o.subprotocols("chat"));
        assertThat(seen).hasSize(3);
        assertThat(values("Host"))
                .containsExactly("127.0.0.1:" + server.port(), "127.0.0.1:" + other.port(), "127.0.0.1:" + server.port());
        assertThat(values("Authorization")).as("not on the way back either").containsExactly("Bearer token", "", "");
        assertThat(values("Cookie")).containsExactly("mine=1", "", "");
        assertThat(values("X-Api-Key")).containsExactly("k", "", "");
        assertThat(values("Sec-WebSocket-Protocol")).containsExactly("chat", "chat", "chat");
    }

    @Test
    @Tag("U7")
    void goesNoFurtherThanAllowed() {
        assertThatItArrives(at(server, "/302?/303?/307?/end"), o -> o);
        seen.clear();
        String tooFar = "/302?/302?/302?/302?/end";
        assertThatExceptionOfType(UpgradeRefusedException.class)
                .isThrownBy(() -> client.connect(at(server, tooFar)))
                .withMessage(at(server, "/302?…") + " (redirected from " + at(server, "/302?…")
                        + ") refused the upgrade to WebSocket with status 302; not followed: 3 redirects were followed, and"
                        + " ConnectOptions.redirects allows no more");
        assertThat(seen).hasSize(4);
    }

    @Test
    @Tag("U7")
    void followsNoneUnlessAllowedTo() {
        assertThat(ConnectOptions.defaults().redirects).isZero();
        assertThatExceptionOfType(UpgradeRefusedException.class)
                .isThrownBy(() -> client.connect(URI.create(at(server, "/302?/end")), o -> o.redirects(0)))
                .withMessageEndingWith("with status 302; not followed: ConnectOptions.redirects allows none")
                .satisfies(refused -> {
                    assertThat(refused.status()).isEqualTo(302);
                    assertThat(refused.headers().firstValue("Location")).contains("/end");
                    assertThat(refused.bodyText()).isEqualTo("from 302");
                });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectOptions.defaults().redirects(-1))
                .withMessage("redirects must be at least 0, not -1");
    }

    @ParameterizedTest
    @CsvSource({
        "/302, 'it has 0 fields Location, not one'",
        "/302?ftp://there/, it leads to the scheme ftp",
        "/302?ws://u:p@there/, 'the URI ws://…@there/ has credentials; send them as a header'",
        "/302?ws://there:0/, 'the URI ws://there:0/ has a port outside 1 to 65535'",
        "/302?http:there, its Location names no host",
        "/302?%, its Location is no URI: Malformed escape pair",
    })
    @Tag("U7")
    @Tag("hostile-15")
    void saysWhyARedirectIsNotFollowed(String inTheClear, String whyInTheClear) throws IOException {
        String target = inTheClear.replace("ws:", Encryption.scheme() + ":").replace("http:", Encryption.isOn() ? "https:" : "http:");
        String why = whyInTheClear.replace("ws:", Encryption.scheme() + ":");
        int question = target.indexOf('?');
        String location = question < 0 ? "" : "Location: " + target.substring(question + 1) + "\r\n";
        try (RawServer raw = new RawServer((head, peer) ->
                RawServer.say(peer, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n" + location + "\r\n"))) {
            assertThatExceptionOfType(UpgradeRefusedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .withMessage(raw.shownUri() + " refused the upgrade to WebSocket with status 302; not followed: " + why);
        }
    }

    /** It may hold a certificate of the client's, for which nobody has asked this origin. */
    @Test
    @Tag("U7")
    void takesNoReadyContextToAnotherOrigin() {
        UnaryOperator<ConnectOptions> ready = o -> o.tls(t -> t.context(Encryption.trusting()).provider(Tls.Provider.JDK));
        String there = "wss://127.0.0.1:" + other.port() + "/end";
        assertThatExceptionOfType(UpgradeRefusedException.class)
                .isThrownBy(() -> client.connect(URI.create(at(server, "/302?" + there)), ready))
                .withMessageContaining("with status 302; not followed: it leads to another origin over TLS, where Tls.context");
        assertThat(seen).hasSize(1);
        if (!Encryption.isOn()) {
            assertThatItArrives(at(server, "/302?" + at(other, "/end")), ready);
        }
    }

    /** A server that redirects to itself, and a caller who lets it. Needs sockets: in memory a redirect takes no time, so this would not end. */
    @Test
    @Tag("U7")
    void countsAllOfItAgainstTheConnectTimeout() {
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> client.connect(
                        URI.create(at(server, "/302?")),
                        o -> o.redirects(Integer.MAX_VALUE).connectTimeout(Duration.ofMillis(300))))
                .withMessageStartingWith("cannot connect to " + at(server, "/302?…"));
    }

    @Test
    void sendsAndKeepsCookies() {
        CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
        String uri = at(server, "/302?/end");
        assertThatItArrives(uri, o -> o.cookies(cookies));
        assertThat(values("Cookie")).containsExactly("mine=1", "mine=1; seen302=1");
        assertThat(cookies.getCookieStore().getCookies()).extracting(HttpCookie::getName).containsExactlyInAnyOrder("seen302", "end");
        seen.clear();
        assertThatItArrives(at(server, "/end"), o -> o.cookies(cookies));
        assertThat(values("Cookie")).singleElement().asString().startsWith("mine=1; ").contains("seen302=1", "end=1");
    }

    @Test
    void keepsCookiesOfARefusal() {
        CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
        assertThatExceptionOfType(UpgradeRefusedException.class)
                .isThrownBy(() -> client.connect(URI.create(at(server, "/403")), o -> o.cookies(cookies)))
                .satisfies(refused -> assertThat(refused.status()).isEqualTo(403));
        assertThat(cookies.getCookieStore().getCookies()).extracting(HttpCookie::getName).containsExactly("seen403");
    }

    /** One that answers with what it is given, or throws it; notes by which URI it is called, and that it may block. */
    private static final class Jar extends CookieHandler {
        final Queue<String> notes = new ConcurrentLinkedQueue<>();
        private final List<String> cookies;
        private final String unkept;

        Jar(List<String> cookies, String unkept) {
            this.cookies = cookies;
            this.unkept = unkept;
        }

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            notes.add("get " + uri + " " + headers.get("authorization"));
            return Map.of("cookie", cookies, "Cookie2", List.of("old"));
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            notes.add("put " + uri);
            if (!unkept.isEmpty()) {
                throw new IOException(unkept);
            }
        }
    }

    @Test
    void asksForCookiesInTermsOfHttp() {
        Jar jar = new Jar(List.of("a=1", "b=2"), "");
        String uri = at(server, "/302?/end");
        assertThatItArrives(uri, o -> o.cookies(jar));
        String http = "http" + uri.substring(2);
        String end = http.replace("/302?", "");
        assertThat(jar.notes).containsExactly(
                "get " + http + " [Bearer token]", "put " + http, "get " + end + " [Bearer token]", "put " + end);
        assertThat(values("Cookie")).containsExactly("mine=1; a=1; b=2", "mine=1; a=1; b=2");
        assertThat(values("Cookie2")).containsExactly("", "");
    }

    @Test
    void failsWhereCookiesFail() {
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> client.connect(
                        URI.create(at(server, "/end")), o -> o.cookies(new Jar(List.of("a=1\r\nEvil: 1"), ""))))
                .withMessageStartingWith("cannot connect to " + at(server, "/end") + ": header Cookie holds a character outside");
        assertThat(seen).isEmpty();
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> client.connect(URI.create(at(server, "/end")), o -> o.cookies(new Jar(List.of(), "disk full"))))
                .withMessage("cannot connect to " + at(server, "/end") + ": disk full");
    }
}
