// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.Tls;
import io.hawser.server.HawserServer;
import io.hawser.tls.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as curl speaks it; Debian's package. */
@Timeout(120)
class CurlTest {
    private static final int LARGE = 5 << 20;
    private static final String TEXT = "All work and no play makes Jack a dull boy.\n".repeat(200);

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @TempDir
    private static Path folder;

    @BeforeEach
    void serve() {
        target.site().route("/text", request -> Response.text(TEXT).withHeader("ETag", "\"v1\""));
        target.site().route("/stream", request -> Response.of(200, Chunks.of(100, i -> new byte[1000])));
        target.site().route("/moved", request -> Response.redirect(307, "/echo"));
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + target.port() + path;
    }

    /** Without what the machine's owner may have set for curl. */
    private static String[] command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-q", "-sS", "--noproxy", "*", "--max-time", "60"));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    private static Program.Run curl(String... arguments) throws IOException, InterruptedException {
        return Program.CURL.run(folder, command(arguments)).expectSuccess();
    }

    private static Path random(String name, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return Files.write(folder.resolve(name), bytes);
    }

    @Tag("W1")
    @Test
    void gets() throws Exception {
        assertThat(curl(url("/hello?a=1")).output()).isEqualTo("hello /hello?a=1");
        assertThat(curl("-w", "%{http_code}", url("/nowhere")).output()).endsWith("404");
        assertThat(curl(url("/stream")).output()).hasSize(100_000);
    }

    @Tag("W1")
    @Test
    void asksForTheHead() throws Exception {
        String head = curl("-I", url("/hello")).output();
        assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").containsIgnoringCase("content-length: 12\r\n").endsWith("\r\n\r\n");
        assertThat(curl("-I", url("/stream")).output()).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Tag("W1")
    @Test
    void postsAForm() throws Exception {
        assertThat(curl("-d", "a=1", "--data-urlencode", "b=c&é", url("/echo")).output()).isEqualTo("a=1&b=c%26%C3%A9");
        assertThat(curl("-F", "a=1", "-F", "b=c d", url("/echo")).output()).contains("name=\"a\"\r\n\r\n1\r\n").contains("c d");
    }

    /** It waits for "100 Continue" with a body of this length. */
    @Tag("W1")
    @Test
    void postsAFile() throws Exception {
        Path file = random("large.bin", LARGE);
        Program.Run run = curl("-v", "--expect100-timeout", "30", "--data-binary", "@" + file, url("/length"));
        assertThat(run.output()).isEqualTo("" + LARGE);
        assertThat(run.errors()).contains("> Expect: 100-continue").containsOnlyOnce("< HTTP/1.1 100 Continue");
        Path echoed = random("echoed.bin", HttpTarget.MAX_BODY);
        assertThat(curl("-T", echoed.toString(), url("/echo")).output()).isEqualTo(Files.readString(echoed, ISO_8859_1));
    }

    @Tag("W1")
    @Tag("W2")
    @Test
    void isToldInsteadOfGoingOn() throws Exception {
        Path file = random("refused.bin", LARGE);
        Program.Run run = curl("-v", "--expect100-timeout", "30", "--data-binary", "@" + file, "-w", "%{http_code} %{size_upload}", url("/echo"));
        assertThat(run.output()).endsWith("413 0");
        assertThat(run.errors()).doesNotContain("100 Continue");
    }

    @Tag("W1")
    @Test
    void uploadsFromAPipe() throws Exception {
        byte[] bytes = Files.readAllBytes(random("piped.bin", LARGE));
        Program.Run run = Program.CURL.run(folder, bytes, command("-v", "-T", "-", url("/length"))).expectSuccess();
        assertThat(run.output()).isEqualTo("" + LARGE);
        assertThat(run.errors()).contains("> Transfer-Encoding: chunked");
        byte[] few = "from a pipe".getBytes(UTF_8);
        assertThat(Program.CURL.run(folder, few, command("-T", "-", url("/echo"))).expectSuccess().output()).isEqualTo("from a pipe");
        assertThat(Program.CURL.run(folder, new byte[0], command("-T", "-", url("/length"))).expectSuccess().output()).isEqualTo("0");
    }

    @Tag("W1")
    @Test
    void unzips() throws Exception {
        assertThat(curl("--compressed", url("/text")).output()).isEqualTo(TEXT);
        assertThat(curl("--compressed", "-I", url("/text")).output()).containsIgnoringCase("content-encoding: gzip");
        int sent = Integer.parseInt(curl("--compressed", "-o", folder.resolve("text").toString(), "-w", "%{size_download}", url("/text")).output());
        assertThat(sent).isPositive().isLessThan(TEXT.length() / 4);
    }

    @Tag("W1")
    @Test
    void asksForRanges() throws Exception {
        assertThat(curl("-r", "4-7", url("/text")).output()).isEqualTo("work");
        assertThat(curl("-r", "-5", url("/text")).output()).isEqualTo("boy.\n");
        assertThat(curl("-r", "0-2,4-7", url("/text")).output()).contains("Content-Range: bytes 0-2/").contains("All\r\n").contains("work\r\n");
        Path begun = Files.writeString(folder.resolve("begun.txt"), TEXT.substring(0, 1000));
        curl("-C", "-", "-o", begun.toString(), url("/text"));
        assertThat(begun).hasContent(TEXT);
    }

    @Tag("W1")
    @Test
    void asksWhetherItHasChanged() throws Exception {
        Path tags = Files.writeString(folder.resolve("tag.txt"), "\"v1\"");
        assertThat(curl("--etag-compare", tags.toString(), "-w", "%{http_code}", url("/text")).output()).isEqualTo("304");
    }

    @Tag("W1")
    @Test
    void goesOnWithTheSameConnection() throws Exception {
        Program.Run run = curl("-v", "-d", "left alone", url("/leave"), url("/stream"), url("/nowhere"), url("/hello"));
        assertThat(run.output()).startsWith("left").endsWith("hello /hello");
        assertThat(run.errors().split("Re-using existing connection", -1)).as(run.errors()).hasSize(4);
    }

    @Tag("W1")
    @Test
    void speaksHttp10() throws Exception {
        assertThat(curl("-0", url("/hello")).output()).isEqualTo("hello /hello");
        assertThat(curl("-0", url("/stream")).output()).hasSize(100_000);
        assertThat(curl("-0", "-d", "hello", url("/echo")).output()).isEqualTo("hello");
        assertThat(curl("-0", "-H", "Connection: keep-alive", url("/hello"), url("/hello")).output()).isEqualTo("hello /hello".repeat(2));
    }

    @Tag("W1")
    @Test
    void followsRedirectsWithItsBody() throws Exception {
        assertThat(curl("-L", "-d", "hello", url("/moved")).output()).isEqualTo("hello");
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"/a/../hello", "/./hello", "/%68ello"})
    void sendsPathsAsTheyAre(String path) throws Exception {
        target.site().otherwise(request -> Response.text(request.rawPath()));
        String expected = path.equals("/%68ello") ? "hello /%68ello" : path;
        assertThat(curl("--path-as-is", url(path)).output()).isEqualTo(expected);
    }

    @Tag("W1")
    @Test
    void asksForManyAtOnce() throws Exception {
        assertThat(curl("-Z", "--parallel-max", "20", url("/hello?[1-100]")).output().split("hello /hello", -1)).hasSize(101);
    }

    /** Like a user who is tired of waiting. */
    @Tag("W2")
    @Test
    void breaksOffAnUpload() throws Exception {
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        Process process = Program.CURL.start(errors, List.of(command("-T", "-", url("/length"))));
        process.getOutputStream().write(new byte[100_000]);
        process.getOutputStream().flush();
        HttpTarget.awaiting().until(() -> target.site().asked().contains("PUT /length"));
        process.destroyForcibly().waitFor();
        assertThat(curl(url("/hello")).output()).isEqualTo("hello /hello");
    }

    @Tag("W1")
    @Tag("T1")
    @ParameterizedTest
    @EnumSource(names = {"BORING_SSL", "JDK"})
    void speaksTls(Tls.Provider provider) throws Exception {
        Path file = random("secret.bin", LARGE);
        Site site = new Site();
        site.route("/file", request -> Response.file(file));
        try (HawserServer server = HawserServer.start(o -> o.port(0).tls(t -> Certificate.LOCALHOST.shown().apply(t).provider(provider)), site)) {
            String base = "https://localhost:" + server.port();
            String[] trusting = {"--http1.1", "--cacert", Certificate.authorityFile().toString()};
            List<String> hello = new ArrayList<>(List.of(trusting));
            hello.addAll(List.of("-v", base + "/hello", base + "/hello"));
            Program.Run run = curl(hello.toArray(String[]::new));
            assertThat(run.output()).isEqualTo("hello /hello".repeat(2));
            assertThat(run.errors()).contains("Re-using existing connection");
            assertThat(curl(trusting[0], trusting[1], trusting[2], "--data-binary", "@" + file, base + "/length").output()).isEqualTo("" + LARGE);
            assertThat(curl(trusting[0], trusting[1], trusting[2], base + "/file").output()).isEqualTo(Files.readString(file, ISO_8859_1));
        }
    }
}
