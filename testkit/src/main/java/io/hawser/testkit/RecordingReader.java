// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.protocol.Utf8;
import io.hawser.protocol.handshake.HandshakeHeaders;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link RecordingText} writes and people have edited, once. Whatever is wrong is told with its line. */
final class RecordingReader {
    private static final Pattern LINE = Pattern.compile(
            "(?<time>\\d{1,9}(\\.\\d{1,9})?)\\s+(?<way>[<>])\\s+(?<name>[A-Z]+\\d*)(?<more>\\s+more)?(\\s+rsv=(?<rsv>[1-7]))?"
                    + "(?<mask>\\s+(un)?masked)?(\\s+(?<payload>.*))?");
    private static final Pattern CODE = Pattern.compile("(?<code>\\d{1,5})(\\s+(?<reason>.*))?");
    private static final int MASKING_KEY = 1;

    private final String file;
    private final List<String> text;
    private int at;

    /**
     * A reader.
     *
     * @param file what it is called in messages
     */
    RecordingReader(String file, String text) {
        this.file = file;
        this.text = text.lines().map(String::strip).toList();
    }

    private IllegalArgumentException fault(String what) {
        return new IllegalArgumentException(file + ":" + (at + 1) + ": " + what);
    }

    // ---- lines

    private boolean hasMore() {
        while (at < text.size() && (text.get(at).isEmpty() || text.get(at).startsWith("#"))) {
            at++;
        }
        return at < text.size();
    }

    private String line(String expected) {
        if (!hasMore()) {
            throw fault("the file ends where " + expected + " is to be; add it");
        }
        return text.get(at);
    }

    // ---- the whole

    Recording read() {
        String version = line("\"" + RecordingText.VERSION + "\"");
        if (!version.equals(RecordingText.VERSION)) {
            throw fault("a recording begins with \"" + RecordingText.VERSION + "\", not with \"" + version + "\"; record it again");
        }
        at++;
        String request = line("the request, as in \"GET /chat\",");
        if (!request.matches("GET \\S+")) {
            throw fault("the request is written as in \"GET /chat\", not as \"" + request + "\"");
        }
        at++;
        List<Map.Entry<String, String>> requestFields = fields("101");
        if (!line("the response, \"101\",").equals("101")) {
            throw fault("the response is written as \"101\", not as \"" + text.get(at) + "\"; no other is recorded");
        }
        at++;
        List<Map.Entry<String, String>> responseFields = fields("a frame");
        return new Recording(request.substring("GET ".length()), requestFields, responseFields, lines());
    }

    private List<Map.Entry<String, String>> fields(String next) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        while (hasMore() && !text.get(at).equals("101") && !text.get(at).matches("\\d+(\\.\\d+)?\\s.*")) {
            String[] parts = text.get(at).split(":\\s*", 2);
            try {
                HandshakeHeaders.requireField(parts[0], parts.length == 2 ? parts[1] : "\n");
            } catch (IllegalArgumentException e) {
                throw fault("a header field, as in \"origin: https://example.org\", or " + next + " is to be here, not \"" + text.get(at) + "\"");
            }
            fields.add(Map.entry(parts[0], parts[1]));
            at++;
        }
        return fields;
    }

    private List<RecordedLine> lines() {
        List<RecordedLine> lines = new ArrayList<>();
        Duration last = Duration.ZERO;
        while (hasMore()) {
            RecordedLine line = recorded(last, lines);
            last = line.at();
            lines.add(line);
            at++;
        }
        return lines;
    }

    private RecordedLine recorded(Duration last, List<RecordedLine> before) {
        Matcher line = LINE.matcher(text.get(at));
        if (!line.matches()) {
            throw fault("a line is a time in seconds, > of the client or < of the server, and a frame, as in \"0.250 > TEXT \"Ahoy\"\", not \""
                    + text.get(at) + "\"");
        }
        Duration time = Duration.ofNanos(new BigDecimal(line.group("time")).movePointRight(9).longValueExact());
        if (time.compareTo(last) < 0) {
            throw fault("the time goes back, from " + Shown.instant(last) + "; put lines in their order");
        }
        boolean byClient = line.group("way").equals(">");
        requireGoingOn(byClient, line.group("name"), before);
        return switch (line.group("name")) {
            case "END" -> end(line, new RecordedLine(time, byClient, RecordedLine.Kind.END, null));
            case "RESET" -> end(line, new RecordedLine(time, byClient, RecordedLine.Kind.RESET, null));
            default -> new RecordedLine(time, byClient, RecordedLine.Kind.FRAME, frame(line, byClient));
        };
    }

    /** Behind its end a side may still break the connection, and does nothing more behind that. */
    private void requireGoingOn(boolean byClient, String name, List<RecordedLine> before) {
        for (RecordedLine earlier : before) {
            boolean over = earlier.kind() == RecordedLine.Kind.RESET || (earlier.kind() == RecordedLine.Kind.END && !name.equals("RESET"));
            if (over && earlier.byClient() == byClient) {
                throw fault((byClient ? "the client" : "the server") + " has ended before; nothing of it may follow");
            }
        }
    }

    private RecordedLine end(Matcher line, RecordedLine read) {
        if (line.end("name") < line.end()) {
            throw fault("nothing stands behind " + line.group("name") + "; remove \"" + text.get(at).substring(line.end("name")).strip() + "\"");
        }
        return read;
    }

    private RawFrame frame(Matcher line, boolean byClient) {
        int opcode = RecordingText.NAMES.indexOf(line.group("name"));
        if (opcode < 0) {
            throw fault("there is no frame called " + line.group("name") + "; there are " + RecordingText.NAMES + ", END and RESET");
        }
        String written = line.group("payload") == null ? "" : line.group("payload");
        RawFrame frame = RawFrame.of(opcode, opcode == 0x8 ? closing(written) : payload(written));
        frame = frame.fin(line.group("more") == null).rsv(line.group("rsv") == null ? 0 : Integer.parseInt(line.group("rsv")));
        if (line.group("mask") == null) {
            return frame;
        }
        boolean masked = line.group("mask").strip().equals("masked");
        return masked == byClient ? frame : masked ? frame.masked(MASKING_KEY) : frame.unmasked();
    }

    // ---- payloads

    private byte[] closing(String written) {
        Matcher code = CODE.matcher(written);
        if (!code.matches()) {
            return payload(written);
        }
        int status = Integer.parseInt(code.group("code"));
        if (status > 0xFFFF) {
            throw fault("a close code is 0 to 65535, not " + status);
        }
        byte[] reason = payload(code.group("reason") == null ? "" : code.group("reason"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(status >> 8);
        bytes.write(status);
        bytes.writeBytes(reason);
        return bytes.toByteArray();
    }

    /** What stands on this line, and on those that go on with it. */
    private byte[] payload(String written) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        part(written, bytes);
        while (at + 1 < text.size() && text.get(at + 1).startsWith("+")) {
            at++;
            part(text.get(at).substring(1).strip(), bytes);
        }
        return bytes.toByteArray();
    }

    private void part(String written, ByteArrayOutputStream bytes) {
        if (written.startsWith("\"")) {
            bytes.writeBytes(unquoted(written));
        } else if (written.startsWith("hex ")) {
            try {
                bytes.writeBytes(HexFormat.of().parseHex(written.substring("hex ".length()).replaceAll("\\s", "")));
            } catch (IllegalArgumentException e) {
                throw fault("bytes are written with two hexadecimal digits each, as in hex 01 ff, not as " + written);
            }
        } else if (!written.isEmpty()) {
            throw fault("a payload is written as \"text\" or as hex 01 ff, not as " + written);
        }
    }

    private byte[] unquoted(String written) {
        StringBuilder plain = new StringBuilder();
        int i = 1;
        while (i < written.length() && written.charAt(i) != '"') {
            char character = written.charAt(i++);
            plain.append(character == '\\' ? unescaped(i < written.length() ? written.charAt(i++) : ' ') : character);
        }
        if (i != written.length() - 1) {
            throw fault("a text ends with a quotation mark, and nothing behind it; within it that is \\\", not as in " + written);
        }
        try {
            return Utf8.encode(plain.toString());
        } catch (IllegalArgumentException e) {
            throw fault("a text holds half a surrogate pair; write it as hex");
        }
    }

    private char unescaped(char escaped) {
        return switch (escaped) {
            case '"', '\\' -> escaped;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw fault("there is no \\" + escaped + "; there are \\\" \\\\ \\n \\r \\t");
        };
    }
}
