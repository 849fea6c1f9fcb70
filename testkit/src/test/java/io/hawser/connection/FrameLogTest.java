// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.WebSocketHandler;
import io.hawser.protocol.FrameStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("G1")
@ExtendWith(EndOfTalks.class)
class FrameLogTest {
    private static List<String> logged(String first) throws IOException {
        Path file = Path.of(System.getProperty("basedir", "."), "target", "test.log");
        try (Stream<String> lines = Files.lines(file)) {
            List<String> frames = lines.filter(line -> line.contains("io.hawser.frames")).toList();
            int from = frames.size() - 1;
            while (from >= 0 && !frames.get(from).contains(first)) {
                from--;
            }
            return from < 0 ? List.of() : frames.subList(from, frames.size());
        }
    }

    @Test
    void tellsEachFrameOfBothDirections() throws IOException {
        String mark = UUID.randomUUID().toString().substring(0, 8);
        FrameStage hide = FrameStage.incoming((frame, stage) -> List.of());
        Conversation talk = Conversation.with(
                WebSocketHandler.each(message -> message), o -> o.frameLog(true).autoPong(false).stages(hide));
        talk.says(frame(TEXT, utf8(mark + "-0123456789")), ping("p"), frame(0x80, utf8("")), close(4000, ""));
        talk.hears(ServerFrame.close(4000)).hearsEnd();
        String hex = HexFormat.of().formatHex(utf8(mark + "-0123456"));
        List<String> lines = logged(hex);
        String where = "io.hawser.frames - /talk " + talk.wire.remoteAddress();
        assertThat(lines).map(line -> line.substring(line.indexOf("io.hawser.frames")).strip()).containsExactly(
                where + " <- TEXT 19 bytes " + hex,
                where + " <- PING fin 1 bytes 70",
                where + " <- CONTINUATION fin 0 bytes",
                where + " <- CLOSE fin 2 bytes 0fa0",
                where + " -> CLOSE fin 2 bytes 0fa0");
        assertThat(lines).allMatch(line -> line.contains("DEBUG"));
    }

    @Test
    void isOffUnlessAskedFor() throws IOException {
        String mark = UUID.randomUUID().toString();
        Conversation.with(WebSocketHandler.each(message -> message)).says(ClientFrames.text(mark)).hears(mark);
        assertThat(logged(HexFormat.of().formatHex(utf8(mark.substring(0, 16))))).isEmpty();
    }
}
