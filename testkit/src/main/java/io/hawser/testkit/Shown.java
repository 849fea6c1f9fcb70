// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.TextMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;

/** What failures show of messages and times. Pure functions. */
final class Shown {
    private static final int CHARACTERS = 200;
    private static final int BYTES = 40;

    private Shown() {}

    static String message(Message message) {
        return switch (message) {
            case TextMessage.Strict text -> text(text.text());
            case BinaryMessage.Strict binary -> bytes(binary.data());
            case TextMessage.Streamed streamed -> "a streamed text";
            case BinaryMessage.Streamed streamed -> "a streamed binary";
        };
    }

    static String text(String text) {
        return "the text " + quoted(text);
    }

    static String bytes(ByteBuffer data) {
        return "the bytes " + hex(data);
    }

    /** Where a message differs from the one that was expected, if their beginnings do not show it; else empty. */
    static String difference(Message expected, Message actual) {
        return switch (expected) {
            case TextMessage.Strict wanted when actual instanceof TextMessage.Strict came -> difference(wanted.text(), came.text());
            case BinaryMessage.Strict wanted when actual instanceof BinaryMessage.Strict came -> {
                int at = wanted.data().mismatch(came.data());
                yield at < BYTES ? "" : ", which differs from byte " + at + " on: "
                        + hex(from(came.data(), at)) + " instead of " + hex(from(wanted.data(), at));
            }
            case Message other -> "";
        };
    }

    private static String difference(String wanted, String came) {
        int at = 0;
        while (at < wanted.length() && at < came.length() && wanted.charAt(at) == came.charAt(at)) {
            at++;
        }
        return at < CHARACTERS || wanted.equals(came) ? ""
                : ", which differs from character " + at + " on: " + quoted(came.substring(at)) + " instead of " + quoted(wanted.substring(at));
    }

    private static ByteBuffer from(ByteBuffer data, int position) {
        return data.slice(position, data.remaining() - position);
    }

    /** The beginning, and how long all of it is if that is not all. */
    static String quoted(String text) {
        String shown = text.length() <= CHARACTERS ? text : text.substring(0, CHARACTERS) + "…";
        String escaped = shown.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        return '"' + escaped + '"' + (text.length() <= CHARACTERS ? "" : ", " + text.length() + " characters");
    }

    static String hex(ByteBuffer data) {
        byte[] begin = new byte[Math.min(BYTES, data.remaining())];
        data.get(data.position(), begin);
        String shown = HexFormat.ofDelimiter(" ").formatHex(begin);
        return begin.length == 0 ? "(none)" : shown + (begin.length == data.remaining() ? "" : " …, " + data.remaining() + " bytes");
    }

    /** Seconds, and thousandths if there are any. */
    static String time(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + " s" : instant(time);
    }

    /** Seconds and thousandths, so that those below each other can be compared. */
    static String instant(Duration time) {
        return String.format(Locale.ROOT, "%d.%03d s", time.toSeconds(), time.toMillisPart());
    }

    /** "1 chunk", "2 chunks". */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
