// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.testkit.RecordedLine.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recordings as texts. */
@Tag("X4")
class RecordingTest {
    private static final String TEXT = """
            hawser-recording 1
            GET /chat?room=1
              cookie: a=b
              sec-websocket-protocol: chat.v1
            101
              sec-websocket-protocol: chat.v1

                 0.000 > TEXT "say \\"Ahoy\\" \\\\ é😀"
                 0.250 < TEXT more "one\\n"
                         + "two\\t"
                 0.250 < CONTINUATION
            20.000000001 < PING hex 00 ff
            20.000000001 > PONG rsv=4 unmasked hex 00 ff
                21.500 > OPCODE3 "?"
                22.000 > CLOSE 1000 "done"
                22.000 < CLOSE
                22.000 < END
                22.000 > RESET
            """;

    private static Recording of(RecordedLine... lines) {
        return new Recording("/", List.of(), List.of(), List.of(lines));
    }

    private static RecordedLine sent(RawFrame frame) {
        return new RecordedLine(Duration.ZERO, true, Kind.FRAME, frame);
    }

    @Test
    void isReadAndWrittenAsItWas() {
        Recording recording = Recording.parse(TEXT);
        assertThat(recording.toString()).isEqualTo(TEXT);
        assertThat(recording).isEqualTo(Recording.parse(TEXT)).hasSameHashCodeAs(Recording.parse(TEXT));
        assertThat(recording.requestFields()).containsExactly(Map.entry("cookie", "a=b"), Map.entry("sec-websocket-protocol", "chat.v1"));
        assertThat(recording.lines().get(1).frame()).isEqualTo(RawFrame.text("one\ntwo\t").fin(false));
        assertThat(recording.lines().get(3).at()).isEqualTo(Duration.ofSeconds(20, 1));
    }

    @Test
    void isWrittenToAFileAndReadBack(@TempDir Path directory) {
        Path file = directory.resolve("chat.txt");
        Recording.parse(TEXT).writeTo(file);
        assertThat(file).hasContent(TEXT);
        assertThat(Recording.read(file)).isEqualTo(Recording.parse(TEXT));
        assertThatThrownBy(() -> Recording.read(directory.resolve("none.txt"))).isInstanceOf(UncheckedIOException.class).hasMessageContaining("none.txt");
        assertThatThrownBy(() -> Recording.parse(TEXT).writeTo(directory)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void doesNotMindHowAPersonWrites() {
        Recording tidy = Recording.parse("hawser-recording 1\nGET /\n101\n0.000 > TEXT \"ab\"\n1.500 < PING hex 0102\n");
        Recording loose = Recording.parse("""

                # what it is about
                hawser-recording 1
                  GET /
                101

                # begins
                0 > TEXT "a"
                + "b"
                \t1.5   <  PING   hex 01  02
                """);
        assertThat(loose).isEqualTo(tidy);
    }

    @Test
    void isReadWithAnEndAndAResetOfOneSide() {
        String text = "hawser-recording 1\nGET /\n101\n\n     0.000 < END\n     1.000 < RESET\n";
        assertThat(Recording.parse(text)).hasToString(text);
    }

    @Test
    void foldsLongPayloads() {
        Recording text = of(sent(RawFrame.text("x".repeat(170))), sent(RawFrame.binary(new byte[70])));
        assertThat(text.toString().lines()).hasSize(4 + 3 + 3).allMatch(line -> line.length() < 130);
        assertThat(Recording.parse(text.toString())).isEqualTo(text);
    }

    @Test
    void writesWhatCannotBeSeenInHex() {
        String text = of(
                sent(RawFrame.text("zero\u0000")), sent(RawFrame.text("\u202eturned")), sent(RawFrame.binary((byte) 0xFF)),
                sent(RawFrame.binary((byte) 'a')), sent(RawFrame.of(8, (byte) 3)), sent(RawFrame.close(1000, "\u0001"))).toString();
        assertThat(text.lines().skip(4)).extracting(line -> line.substring(13)).containsExactly(
                "TEXT hex 7a 65 72 6f 00", "TEXT hex e2 80 ae 74 75 72 6e 65 64", "BINARY hex ff", "BINARY \"a\"", "CLOSE hex 03", "CLOSE 1000 hex 01");
    }

    @Test
    void randomConversationsAreReadAsTheyWereWritten() {
        for (int seed = 0; seed < 300; seed++) {
            Recording recording = random(new SplittableRandom(seed));
            Recording read = Recording.parse(recording.toString());
            assertThat(read).as("seed %d", seed).isEqualTo(recording);
            assertThat(read.lines()).as("seed %d", seed).isEqualTo(recording.lines());
        }
    }

    private static Recording random(SplittableRandom chance) {
        List<RecordedLine> lines = new ArrayList<>();
        Duration at = Duration.ZERO;
        for (int i = chance.nextInt(12); i > 0; i--) {
            at = at.plusNanos(chance.nextBoolean() ? chance.nextLong(2_000_000_000L) : 250_000_000);
            RawFrame frame = RawFrame.of(chance.nextInt(16), payload(chance)).fin(chance.nextBoolean()).rsv(chance.nextInt(8));
            lines.add(new RecordedLine(at, chance.nextBoolean(), Kind.FRAME, chance.nextInt(9) == 0 ? frame.unmasked() : frame));
        }
        for (boolean byClient : new boolean[] {true, false}) {
            if (chance.nextBoolean()) {
                lines.add(new RecordedLine(at, byClient, chance.nextBoolean() ? Kind.END : Kind.RESET, null));
            }
        }
        return new Recording("/random", List.of(Map.entry("3d", "x: y")), List.of(), lines);
    }

    private static byte[] payload(SplittableRandom chance) {
        byte[] bytes = new byte[chance.nextInt(200)];
        chance.nextBytes(bytes);
        if (chance.nextBoolean()) {
            return bytes;
        }
        StringBuilder text = new StringBuilder();
        for (byte any : bytes) {
            int character = (any & 0xFF) * (chance.nextInt(3) == 0 ? 600 : 1);
            text.appendCodePoint(Character.getType(character) == Character.SURROGATE ? '"' : character);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', value = {
        "hawser-recording 2 | recording:1: | hawser-recording 1",
        "hawser-recording 1;POST / | recording:2: | GET /chat",
        "hawser-recording 1;GET /;nonsense | recording:3: | header field",
        "hawser-recording 1;GET / | recording:3: | file ends",
        "hawser-recording 1;GET /;101;later | recording:4: | header field",
        "hawser-recording 1;GET /;101;0.1 TEXT \"a\" | recording:4: | > of the client",
        "hawser-recording 1;GET /;101;0.2 > TEXT;0.1 > TEXT | recording:5: | time goes back",
        "hawser-recording 1;GET /;101;0.2 > HELLO | recording:4: | no frame called HELLO",
        "hawser-recording 1;GET /;101;0.2 > END now | recording:4: | remove \"now\"",
        "hawser-recording 1;GET /;101;0.2 > END;0.3 > TEXT | recording:5: | has ended before",
        "hawser-recording 1;GET /;101;0.2 > TEXT \"open | recording:4: | quotation mark",
        "hawser-recording 1;GET /;101;0.2 > TEXT \"a\" b | recording:4: | quotation mark",
        "hawser-recording 1;GET /;101;0.2 > TEXT \"\\x\" | recording:4: | there is no \\x",
        "hawser-recording 1;GET /;101;0.2 > TEXT bare | recording:4: | hex 01 ff",
        "hawser-recording 1;GET /;101;0.2 > PING hex 1 | recording:4: | two hexadecimal digits",
        "hawser-recording 1;GET /;101;0.2 > TEXT \"a\";# two;+ hex zz | recording:6: | a line is",
        "hawser-recording 1;GET /;101;0.2 > TEXT \"a\";+ hex zz | recording:5: | two hexadecimal digits",
        "hawser-recording 1;GET /;101;0.2 > CLOSE 70000 | recording:4: | 0 to 65535"
    })
    void saysWhichLineIsWrongAndWhy(String text, String where, String why) {
        assertThatThrownBy(() -> Recording.parse(text.replace(';', '\n'))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(where).hasMessageContaining(why);
    }

    @Test
    void namesTheFileThatIsWrong(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("wrong.txt"), "GET /\n");
        assertThatThrownBy(() -> Recording.read(file)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(file + ":1: ");
    }
}
