// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.testkit.memory.Strand;
import io.hawser.testkit.memory.Transcript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as it passed one end of a connection, mostly the client's: the request, the header fields that matter as they were sent, tokens
 * and cookies among them, the frames of both sides with their times, and how it ended. A text that a person can read, edit and compare:
 *
 * <pre>{@code
 * hawser-recording 1
 * # Lines like this one do not count.
 * GET /chat
 *   sec-websocket-protocol: chat.v1
 * 101
 *   sec-websocket-protocol: chat.v1
 *
 *      0.000 > TEXT "Ahoy"
 *      0.250 < TEXT more "Ahoy, "
 *      0.250 < CONTINUATION "sailor"
 *     20.250 < PING hex 00 01
 *     20.250 > PONG hex 00 01
 *     21.000 > CLOSE 1000 "done"
 *     21.000 < CLOSE 1000
 *     21.000 < END
 *     21.000 > END
 * }</pre>
 *
 * <p>Times are seconds since the connection began. What the client sent is marked {@code >}, what the server sent {@code <}. A frame is
 * followed by {@code more} if it is not its message's last, by {@code rsv=4} if reserved bits are set, by {@code unmasked} or {@code masked}
 * where its sender's role forbids that, in a close frame by its code; and by its payload, as a text if that is UTF-8 of which all can be
 * seen, and else as {@code hex}. Long payloads go on in lines that begin with {@code +}. {@code END} is the end of what a side sends, {@code
 * RESET} the break of the connection. A frame of which only a part came is not recorded.
 *
 * <p>Immutable. Two are equal if their texts are.
 */
public final class Recording {
    /** What differs each time, or follows from the protocol. */
    private static final Set<String> LEFT_OUT = Set.of(
            "host", "upgrade", "connection", "date", "content-length", "sec-websocket-key", "sec-websocket-version", "sec-websocket-accept");

    private final String target;
    private final List<Map.Entry<String, String>> requestFields;
    private final List<Map.Entry<String, String>> responseFields;
    private final List<RecordedLine> lines;

    Recording(
            String target,
            List<Map.Entry<String, String>> requestFields,
            List<Map.Entry<String, String>> responseFields,
            List<RecordedLine> lines) {
        this.target = target;
        this.requestFields = List.copyOf(requestFields);
        this.responseFields = List.copyOf(responseFields);
        this.lines = List.copyOf(lines);
    }

    /**
     * What has passed a connection so far.
     *
     * @param client whether the transcript is of the client's end
     */
    static Recording of(Strand strand, boolean client) {
        Transcript transcript = strand.transcript();
        List<RecordedLine> lines = new ArrayList<>();
        for (Transcript.Entry entry : transcript.entries()) {
            lines.add(RecordedLine.of(entry.at().minus(transcript.began()), entry.sent() == client, entry.frame()));
        }
        int added = 0;
        for (Transcript.Mark mark : transcript.marks()) {
            RecordedLine.Kind kind = mark.reset() ? RecordedLine.Kind.RESET : RecordedLine.Kind.END;
            lines.add(mark.behind() + added, new RecordedLine(mark.at().minus(transcript.began()), mark.sent() == client, kind, null));
            added++;
        }
        return new Recording(
                strand.request().target(), fields(strand.request().headers()), fields(strand.response().headers()), lines);
    }

    /** Those header fields that matter, in lower case and in order. */
    static List<Map.Entry<String, String>> fields(HttpHeaders headers) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        headers.map().forEach((name, values) -> {
            String known = name.toLowerCase(Locale.ROOT);
            values.stream().filter(value -> !LEFT_OUT.contains(known)).forEach(value -> fields.add(Map.entry(known, value)));
        });
        fields.sort(Map.Entry.comparingByKey());
        return fields;
    }

    /**
     * Reads a recording from a file, in UTF-8.
     *
     * @throws IllegalArgumentException if it is none; the message says in which line, and what to do
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Recording read(Path file) {
        try {
            return new RecordingReader(file.toString(), Files.readString(file)).read();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the recording " + file, e);
        }
    }

    /**
     * Reads a recording from its text.
     *
     * @throws IllegalArgumentException if it is none; the message says in which line, and what to do
     */
    public static Recording parse(String text) {
        return new RecordingReader("recording", text).read();
    }

    /**
     * Writes it to a file, in UTF-8, in place of what is there.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public void writeTo(Path file) {
        try {
            Files.writeString(file, toString(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the recording " + file, e);
        }
    }

    /**
     * Starts a server that plays the server's side to clients under test, as {@link HawserTest#play} plays the client's: to each connection
     * from its beginning. {@link PlayedServer#expectPlayed} tells whether a client did what the recorded one did.
     */
    public PlayedServer asServer(HawserTest test) {
        return test.playServer(this);
    }

    String target() {
        return target;
    }

    List<Map.Entry<String, String>> requestFields() {
        return requestFields;
    }

    List<Map.Entry<String, String>> responseFields() {
        return responseFields;
    }

    List<RecordedLine> lines() {
        return lines;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Recording that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The text of the file. */
    @Override
    public String toString() {
        return RecordingText.of(this);
    }
}
