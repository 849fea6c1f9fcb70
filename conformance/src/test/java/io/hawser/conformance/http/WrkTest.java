// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** As many requests as wrk can make in a second, over connections that it keeps; Debian's package. How many those are is not asserted. */
@Timeout(120)
class WrkTest {
    private static final Pattern DONE = Pattern.compile("(?s).*\\s(\\d+) requests in .*");

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @RegisterExtension
    static final HttpTarget onLoop = HttpTarget.withDefaults().onLoop();

    @TempDir
    private static Path folder;

    private static void expectAllAnswered(HttpTarget each, String path, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(new String[] {"-t1", "-c16", "-d1s", "http://127.0.0.1:" + each.port() + path}, 0, all, arguments.length, 4);
        String report = Program.WRK.run(folder, all).expectSuccess().output();
        Matcher done = DONE.matcher(report);
        assertThat(done.matches()).as(report).isTrue();
        assertThat(Integer.parseInt(done.group(1))).as(report).isPositive();
        assertThat(report).doesNotContain("Socket errors").doesNotContain("Non-2xx");
    }

    @Tag("W1")
    @Test
    void isAnsweredOnTheLoop() throws Exception {
        expectAllAnswered(onLoop, "/hello");
    }

    /** Each on a virtual thread, which waits for its body. */
    @Tag("W1")
    @Test
    void isAnsweredToItsBodies() throws Exception {
        Path script = Files.writeString(folder.resolve("post.lua"), "wrk.method = \"POST\"\nwrk.body = string.rep(\"x\", 1000)\n");
        expectAllAnswered(target, "/echo", "-s", script.toString());
    }
}
