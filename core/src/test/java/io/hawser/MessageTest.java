// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    @Tag("M1")
    void holdsText() {
        TextMessage made = TextMessage.of("Grüße");
        TextMessage.Strict come = TextMessage.ofValidUtf8("Grüße".getBytes(StandardCharsets.UTF_8));
        assertThat(made).isEqualTo(come).hasSameHashCodeAs(come).isNotEqualTo(TextMessage.of("Gruß"));
        assertThat(come.text()).isEqualTo("Grüße").isSameAs(come.text());
        assertThat(come.length()).isEqualTo(7);
        assertThat(come.data().remaining()).isEqualTo(7);
        assertThat(come).hasToString("text of 7 bytes");
    }

    @Test
    @Tag("M1")
    void holdsBytes() {
        byte[] bytes = {0, 1, 2};
        BinaryMessage copied = BinaryMessage.of(bytes);
        BinaryMessage wrapped = BinaryMessage.wrap(bytes);
        assertThat(copied).isEqualTo(wrapped).hasSameHashCodeAs(wrapped).isNotEqualTo(TextMessage.of("\0\1\2"));
        bytes[0] = 9;
        assertThat(copied.data().get(0)).isZero();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).position(1);
        assertThat(BinaryMessage.of(buffer).length()).isEqualTo(2);
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(copied).hasToString("binary of 3 bytes");
    }

    @Test
    @Tag("M3")
    void refusesALengthThatNoArrayHas() {
        List<Message> messages = List.of(
                TextMessage.of("a"),
                BinaryMessage.of(new byte[1]),
                TextMessage.streamed(new Never<>()),
                BinaryMessage.streamed(new Never<>()));
        for (Message message : messages) {
            for (long maxBytes : new long[] {-1, Integer.MAX_VALUE - 7L}) {
                assertThatThrownBy(() -> message.toStrict(maxBytes, Duration.ofSeconds(1)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("0 to 2147483639, not " + maxBytes);
            }
        }
    }

    @Test
    void givesViewsThatCannotBeWritten() {
        for (Message message : new Message[] {TextMessage.of("abc"), BinaryMessage.of(new byte[3])}) {
            ByteBuffer view = message.data();
            assertThatThrownBy(() -> view.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
            view.get();
            assertThat(message.data().remaining()).isEqualTo(3);
        }
    }

    @Test
    void sayThatABinaryMessageIsNoText() {
        assertThatThrownBy(() -> BinaryMessage.of(new byte[3]).text())
                .isInstanceOf(UnexpectedMessageException.class)
                .hasMessageContaining("3 bytes");
    }

    @Test
    @Tag("hostile-28")
    void refusesAnUnpairedSurrogate() {
        for (String text : new String[] {"\uD800", "a\uDC00", "\uD83D\uD83D\uDE00"}) {
            assertThatThrownBy(() -> TextMessage.of(text)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(TextMessage.of("\uD83D\uDE00").length()).isEqualTo(4);
    }
}
