// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class HawserCommandTest {
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        return HawserCommand.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    demo --port abc       | abc              | see hawser demo --help
                    demo --port 70000     | 70000            | see hawser demo --help
                    demo --port           | --port           | see hawser demo --help
                    demo --transport foo  | foo              | see hawser demo --help
                    demo --no-such-option | --no-such-option | see hawser demo --help
                    demo more             | more             | see hawser demo --help
                    --no-such-option      | --no-such-option | see hawser --help
                    no-such-command       | no-such-command  | see hawser --help
                    ''                    | hawser demo      | see hawser --help
                    """)
    void saysInOneLineWhatIsWrong(String line, String named, String end) {
        int status = run(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(status).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(output.toString()).isEmpty();
        assertThat(errors.toString().lines())
                .singleElement()
                .asString()
                .startsWith("hawser: ")
                .contains(named)
                .endsWith(end);
    }

    @Test
    void showsItsOptionsWhenAsked() {
        assertThat(run("demo", "--help")).isZero();
        assertThat(output.toString()).contains("--port", "--host", "--transport");
        assertThat(errors.toString()).isEmpty();
    }

    @Test
    void listsAllThatTheDemoServes() {
        assertThat(DemoApplication.overview().lines().map(line -> line.split(" {2,}", 2)[0]))
                .contains("GET /", "GET /healthz", "/echo", "/echo/streams", "/echo/direct", "/echo/frames", "/small", "/greeter", "/upper",
                        "/ticks", "/chat/{room}");
        assertThat(DemoApplication.overview()).contains("chat.v1", "chat.v2", Said.NO_NAME);
        assertThat(DemoApplication.overview().lines()).allMatch(line -> line.length() <= 80);
    }
}
