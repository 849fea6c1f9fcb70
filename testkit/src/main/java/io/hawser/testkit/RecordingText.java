// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** How recordings are written, a line a frame. Pure functions; {@link RecordingReader} reads what they write. */
final class RecordingText {
    /** The first line; another number is another format. */
    static final String VERSION = "hawser-recording 1";
    /** By opcode. */
    static final List<String> NAMES = List.of(
            "CONTINUATION", "TEXT", "BINARY", "OPCODE3", "OPCODE4", "OPCODE5", "OPCODE6", "OPCODE7",
            "CLOSE", "PING", "PONG", "OPCODE11", "OPCODE12", "OPCODE13", "OPCODE14", "OPCODE15");

    private static final int TEXT_WIDTH = 80;
    private static final int HEX_WIDTH = 32;
    private static final int TIME_WIDTH = 10;
    private static final String FOLD = "\n" + " ".repeat(TIME_WIDTH) + "   + ";

    private RecordingText() {}

    static String of(Recording recording) {
        StringBuilder text = new StringBuilder(VERSION).append("\nGET ").append(recording.target()).append('\n');
        recording.requestFields().forEach(field -> text.append("  ").append(field.getKey()).append(": ").append(field.getValue()).append('\n'));
        text.append("101\n");
        recording.responseFields().forEach(field -> text.append("  ").append(field.getKey()).append(": ").append(field.getValue()).append('\n'));
        text.append('\n');
        recording.lines().forEach(line -> text.append(line(line)).append('\n'));
        return text.toString();
    }

    static String line(RecordedLine line) {
        String time = seconds(line.at());
        String begin = " ".repeat(Math.max(0, TIME_WIDTH - time.length())) + time + (line.byClient() ? " > " : " < ");
        return line.frame() == null ? begin + line.kind() : begin + frame(line.frame(), line.byClient());
    }

    /** Seconds, with as many decimals as they need, three at least. */
    private static String seconds(Duration time) {
        String nanos = "%09d".formatted(time.toNanosPart());
        int used = nanos.length();
        while (used > 3 && nanos.charAt(used - 1) == '0') {
            used--;
        }
        return time.toSeconds() + "." + nanos.substring(0, used);
    }

    private static String frame(RawFrame frame, boolean byClient) {
        byte[] payload = new byte[frame.payload().remaining()];
        frame.payload().get(payload);
        StringBuilder text = new StringBuilder(NAMES.get(frame.opcode()));
        text.append(frame.isFin() ? "" : " more");
        text.append(frame.rsv() == 0 ? "" : " rsv=" + frame.rsv());
        text.append(frame.isAsRoleDemands() ? "" : byClient ? " unmasked" : " masked");
        if (frame.closeCode().isPresent()) {
            text.append(' ').append(frame.closeCode().getAsInt());
            payload = Arrays.copyOfRange(payload, 2, payload.length);
        }
        return text + payload(payload);
    }

    private static String payload(byte[] payload) {
        if (payload.length == 0) {
            return "";
        }
        return " " + String.join(FOLD, printable(payload).map(RecordingText::quoted).orElseGet(() -> hex(payload)));
    }

    private static List<String> hex(byte[] payload) {
        List<String> folded = new ArrayList<>();
        for (int from = 0; from < payload.length; from += HEX_WIDTH) {
            folded.add("hex " + HexFormat.ofDelimiter(" ").formatHex(payload, from, Math.min(payload.length, from + HEX_WIDTH)));
        }
        return folded;
    }

    private static Optional<String> printable(byte[] payload) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
            return Optional.of(text).filter(all -> all.codePoints().allMatch(RecordingText::isPrintable));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL -> character == '\n' || character == '\r' || character == '\t';
            case Character.FORMAT, Character.UNASSIGNED, Character.PRIVATE_USE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** In quotes; folded where lines of the text end, and where they are long. */
    private static List<String> quoted(String text) {
        List<String> folded = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int width = 0;
        for (int character : text.codePoints().toArray()) {
            line.append(escaped(character));
            width++;
            if (character == '\n' || width == TEXT_WIDTH) {
                folded.add('"' + line.toString() + '"');
                line.setLength(0);
                width = 0;
            }
        }
        if (width > 0) {
            folded.add('"' + line.toString() + '"');
        }
        return folded;
    }

    private static String escaped(int character) {
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> Character.toString(character);
        };
    }
}
