// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.testing.BufferKind;
import io.hawser.protocol.testing.EveryCut;
import io.hawser.protocol.testing.Hex;
import io.hawser.protocol.testing.ReferenceUtf8;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M5")
class Utf8ValidatorTest {
    private static final List<BufferKind> KINDS = List.of(BufferKind.values());
    private final CharsetDecoder jdk = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer chars = CharBuffer.allocate(2000);
    private final Utf8Validator validator = new Utf8Validator();

    @Test
    void agreesWithTheJdkOnAllSequencesOfOneToThreeBytes() {
        for (int length = 1; length <= 3; length++) {
            byte[] bytes = new byte[length];
            for (int value = 0; value < 1 << 8 * length; value++) {
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (value >> 8 * (length - 1 - i));
                }
                agrees(bytes);
            }
        }
    }

    @Test
    void agreesWithTheJdkOnAllCodePoints() {
        for (int codePoint = 0; codePoint <= 0x1FFFFF; codePoint++) {
            agrees(fourBytes(codePoint));
            if (codePoint <= Character.MAX_CODE_POINT) {
                agrees(Wire.utf8(Character.toString(codePoint)));
            }
        }
    }

    @Test
    void agreesWithADefinitionOnRandomTextHoweverItIsCut() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = almostText(random);
            int bad = firstBad(bytes);
            ByteBuffer buffer = KINDS.get(i % KINDS.size()).of(bytes);
            int start = buffer.position();
            validator.reset();
            int found = -1;
            for (int at = 0; at < bytes.length && found < 0; ) {
                int end = Math.min(bytes.length, at + random.nextInt(20));
                found = validator.check(buffer, start + at, start + end);
                at = end;
            }
            assertThat(found < 0 ? -1 : found - start).as(() -> Hex.hex(bytes)).isEqualTo(bad);
            assertThat(validator.isComplete() || found >= 0 || !ReferenceUtf8.isText(bytes, false)).isTrue();
            assertThat(buffer.position()).isEqualTo(start);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "c0 80, 0", // NUL, overlong
        "c1 bf, 0",
        "e0 9f bf, 1", // U+07FF, overlong
        "f0 8f bf bf, 1", // U+FFFF, overlong
        "ed a0 80, 1", // a surrogate
        "ed bf bf, 1",
        "f4 90 80 80, 1", // U+110000
        "f5 80 80 80, 0",
        "ff, 0",
        "80, 0",
        "61 62 63 64 65 66 67 68 69 c2 20, 10",
        "e2 82 ac e2 28, 4"
    })
    @Tag("hostile-25")
    void namesTheFirstByteThatNoTextCanContain(String digits, int index) {
        byte[] bytes = Hex.hex(digits);
        EveryCut.of(bytes, cut -> {
            Utf8Validator fresh = new Utf8Validator();
            int before = 0;
            int found = -1;
            for (ByteBuffer buffer : cut) {
                int bad = fresh.check(buffer, buffer.position(), buffer.limit());
                if (bad >= 0) {
                    found = before + bad - buffer.position();
                    break;
                }
                before += buffer.remaining();
            }
            assertThat(found).isEqualTo(index);
        });
    }

    @Test
    @Tag("hostile-26")
    void isIncompleteInsideACodePoint() {
        byte[] smile = Wire.utf8("\ud83d\ude00");
        for (int end = 0; end <= 4; end++) {
            validator.reset();
            assertThat(validator.check(ByteBuffer.wrap(smile), 0, end)).isEqualTo(-1);
            assertThat(validator.isComplete()).isEqualTo(end == 0 || end == 4);
        }
    }

    private void agrees(byte[] bytes) {
        jdk.reset();
        chars.clear();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean malformed = jdk.decode(in, chars, true).isError();
        validator.reset();
        int bad = validator.check(ByteBuffer.wrap(bytes), 0, bytes.length);
        boolean refused = bad >= 0 || !validator.isComplete();
        if (refused != malformed || bad >= 0 && bad != firstBad(bytes)) {
            throw new AssertionError(Hex.hex(bytes) + ": refused " + refused + " at " + bad
                    + ", malformed " + malformed);
        }
    }

    private static int firstBad(byte[] bytes) {
        if (ReferenceUtf8.isText(bytes, true)) {
            return -1;
        }
        int end = bytes.length;
        while (!ReferenceUtf8.isText(Arrays.copyOf(bytes, end - 1), true)) {
            end--;
        }
        return end - 1;
    }

    private static byte[] fourBytes(int value) {
        return new byte[] {
            (byte) (0xF0 | value >> 18),
            (byte) (0x80 | value >> 12 & 0x3F),
            (byte) (0x80 | value >> 6 & 0x3F),
            (byte) (0x80 | value & 0x3F)
        };
    }

    private static byte[] almostText(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(60);
        int bound = random.nextBoolean() ? 0x80 : 0xD800;
        while (text.length() < length) {
            text.appendCodePoint(random.nextInt(6) == 0 ? random.nextInt(0x10000, 0x110000) : random.nextInt(bound));
        }
        byte[] bytes = Wire.utf8(text.toString());
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }
}
