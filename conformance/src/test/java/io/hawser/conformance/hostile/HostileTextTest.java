// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that is not UTF-8, or is cut where it hurts. */
@Timeout(60)
class HostileTextTest {
    private static final int INVALID_DATA = 1007;
    private static final String EVERY_WAY = "io.hawser.conformance.hostile.Face#andCut";

    /** One code point of each length, and the first and last of each. */
    private static final byte[] TEXT = ("a\u0001\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff"
                    + "κόσμε漢𝄞")
            .getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    static final Target target = Target.withDefaults();

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** Sequences of which the last byte can stand nowhere in UTF-8 behind those before it. */
    private static Stream<String> invalid() {
        return Stream.of(
                "80", "bf", "c0", "c1", "f5", "f8", "fc", "fe", "ff", // stray, overlong or beyond U+10FFFF at once
                "c2 00", "c2 41", "c2 c2", "df 7f", // cut short by what follows
                "e0 80", "e0 9f", "e1 41", "e1 80 41", "ed a0", "ed bf", // overlong, surrogates
                "f0 80", "f0 8f", "f0 90 41", "f0 90 80 41", "f4 90", "f4 bf", // overlong, beyond U+10FFFF
                "ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0");
    }

    /** The frame announces more than is ever sent, so that only the offending byte can be what is answered. */
    @Tag("hostile-25")
    @Tag("M5")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesTheOffendingByteBeforeTheMessageEnds(Face face, Cut cut) throws IOException {
        for (String sequence : invalid().toList()) {
            byte[] bad = hex(sequence);
            byte[] whole = new RawFrame(true, 0, RawFrame.TEXT, Arrays.copyOf(bad, bad.length + 50)).masked();
            target.expectFailure(face, cut, INVALID_DATA, 0, Arrays.copyOf(whole, whole.length - 50));
            RawFrame first = new RawFrame(false, 0, RawFrame.TEXT, Arrays.copyOf(bad, bad.length - 1));
            byte[] last = new RawFrame(false, 0, 0, new byte[] {bad[bad.length - 1]}).masked();
            target.expectFailure(face, cut, INVALID_DATA, 0, first.masked(), last);
        }
    }

    @Tag("hostile-26")
    @Tag("M5")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void takesTextThatIsCutAnywhere(Face face, Cut cut) throws IOException {
        try (RawClient client = target.open(face)) {
            for (int at = 0; at <= TEXT.length; at++) {
                client.send(
                        cut,
                        new RawFrame(false, 0, RawFrame.TEXT, Arrays.copyOf(TEXT, at)),
                        RawFrame.of(RawFrame.PING, "between"),
                        new RawFrame(true, 0, 0, Arrays.copyOfRange(TEXT, at, TEXT.length)));
                client.expectEcho(RawFrame.TEXT, TEXT);
            }
            RawFrame[] bytes = new RawFrame[TEXT.length];
            for (int i = 0; i < TEXT.length; i++) {
                bytes[i] = new RawFrame(i == TEXT.length - 1, 0, i == 0 ? RawFrame.TEXT : 0, new byte[] {TEXT[i]});
            }
            client.send(cut, bytes);
            client.expectEcho(RawFrame.TEXT, TEXT);
            client.closeWith(1000);
        }
    }

    @Tag("hostile-26")
    @Tag("M5")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesTextThatEndsInsideACodePoint(Face face, Cut cut) throws IOException {
        for (String sequence : List.of("c2", "e1", "e1 80", "f0", "f0 90", "f0 90 80", "61 f4 8f bf")) {
            byte[] bad = hex(sequence);
            target.expectFailure(face, cut, INVALID_DATA, 0, new RawFrame(true, 0, RawFrame.TEXT, bad).masked());
            RawFrame first = new RawFrame(false, 0, RawFrame.TEXT, bad);
            target.expectFailure(face, cut, INVALID_DATA, 0, RawFrame.join(first, RawFrame.of(0, "")));
        }
    }

    /** Nothing of one message's text is taken for the next one's. */
    @Tag("M5")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void takesAnythingAsBinary(Face face, Cut cut) throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (RawClient client = target.open(face)) {
            client.send(cut, new RawFrame(true, 0, RawFrame.BINARY, all), RawFrame.of(RawFrame.TEXT, "é"));
            client.expectEcho(RawFrame.BINARY, all);
            client.expectEcho(RawFrame.TEXT, "é".getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
    }

    @Tag("hostile-27")
    @Tag("C7")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesACloseReasonThatIsNotUtf8(Face face, Cut cut) throws IOException {
        for (String sequence : List.of("ff", "61 c0 80", "ed a0 80", "c3", "f0 90 80")) {
            target.expectFailure(face, cut, INVALID_DATA, 0, RawFrame.close(1000, hex(sequence)).masked());
        }
    }

    @Tag("hostile-28")
    @Test
    void letsNoApplicationSendAnUnpairedSurrogate() throws IOException {
        WebSocketHandler handler = WebSocketHandler.each(message -> TextMessage.of("a\ud800b"));
        target.app().route("/surrogate", HttpHandler.webSocket(handler));
        try (RawClient client = target.open("/surrogate")) {
            client.send(RawFrame.of(RawFrame.TEXT, "say it"));
            assertThat(client.expectFailedWith(1011).payload()).as("no internals").hasSize(2);
        }
    }
}
