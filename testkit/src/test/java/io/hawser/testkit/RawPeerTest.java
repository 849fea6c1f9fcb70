// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.connection.EchoFace;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client in bytes, against the real server. */
@Tag("X4")
class RawPeerTest {
    @ParameterizedTest
    @EnumSource
    void talksInBytes(EchoFace face) {
        try (HawserTest test = HawserTest.of(face.handler())) {
            RawPeer peer = test.raw("/");
            peer.sendHex("81 85 37 fa 21 3d 7f 9f 4d 51 58"); // "Hello", RFC 6455, 5.7
            peer.expectHex("81 05 48 65 6c 6c 6f");
            peer.send(RawFrame.close(1000, "done"));
            assertThat(peer.expectClose(1000)).isEmpty();
            peer.expectEnd();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-57")
    void aServerNoticesSilenceIn40Seconds(EchoFace face) {
        try (HawserTest test = HawserTest.of(face.handler())) {
            RawPeer peer = test.raw("/");
            peer.expectNothing(Duration.ofMillis(19_999));
            test.advance(Duration.ofMillis(1));
            assertThat(peer.expectFrame().opcode()).isEqualTo(9);
            peer.expectNothing(Duration.ofMillis(19_999));
            test.advance(Duration.ofMillis(1));
            peer.expectReset();
            assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(40));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "c1 80 00 00 00 00", // RSV1
        "83 80 00 00 00 00", // opcode 3
        "8f 80 00 00 00 00", // opcode 15
        "81 00", // not masked
        "81 fe 00 01 00 00 00 00 61", // a length not in its shortest form
        "81 ff 80 00 00 00 00 00 00 00 00 00 00 00", // its top bit set
        "80 80 00 00 00 00", // an orphan continuation
        "09 80 00 00 00 00", // a fragmented ping
        "89 fe 00 7e 00 00 00 00", // a ping of 126 bytes
        "88 81 00 00 00 00 03" // a close with one byte
    })
    @Tag("hostile-18")
    @Tag("hostile-19")
    @Tag("hostile-20")
    @Tag("hostile-33")
    @Tag("hostile-34")
    @Tag("hostile-38")
    void illegalBytesFailWith1002HoweverTheyAreCut(String hex) {
        for (int longest : new int[] {1, 1000}) {
            try (HawserTest test = HawserTest.of(EchoFace.DIRECT.handler(), o -> o.everyConnection((toServer, toClient) -> toServer.split(7, longest)))) {
                RawPeer peer = test.raw("/").sendHex(hex);
                peer.expectClose(1002);
                peer.expectEnd();
            }
        }
    }

    @Test
    void framesSayWhatNoEngineWould() {
        assertThat(hex(RawFrame.text("Hello").bytes(true))).isEqualTo("81 85 37 fa 21 3d 7f 9f 4d 51 58");
        assertThat(hex(RawFrame.text("Hello").bytes(false))).isEqualTo("81 05 48 65 6c 6c 6f");
        assertThat(hex(RawFrame.text("Hi").unmasked().bytes(true))).isEqualTo("81 02 48 69");
        assertThat(hex(RawFrame.text("Hi").masked(1).bytes(false))).isEqualTo("81 82 00 00 00 01 48 69");
        assertThat(hex(RawFrame.of(3).rsv(5).fin(false).bytes(false))).isEqualTo("53 00");
        assertThat(hex(RawFrame.binary((byte) 7).lengthField(2, 1).bytes(false))).isEqualTo("82 7e 00 01 07");
        assertThat(hex(RawFrame.binary((byte) 7).lengthField(8, -1).bytes(false))).isEqualTo("82 7f ff ff ff ff ff ff ff ff 07");
        assertThat(hex(RawFrame.close(1006, "é").bytes(false))).isEqualTo("88 04 03 ee c3 a9");
        assertThat(RawFrame.binary(new byte[126]).bytes(false)).hasSize(130).startsWith(0x82, 0x7E, 0, 126);
        assertThat(RawFrame.binary(new byte[70_000]).bytes(false)).hasSize(70_010).startsWith(0x82, 0x7F, 0, 0, 0, 0, 0, 1);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    @Test
    void refusesFramesThatCannotBeWritten() {
        assertThatThrownBy(() -> RawFrame.of(16)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("16");
        assertThatThrownBy(() -> RawFrame.ping().rsv(8)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("8");
        assertThatThrownBy(() -> RawFrame.ping().lengthField(4, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4");
        assertThatThrownBy(() -> RawFrame.ping().lengthField(2, 65_536)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("65536");
        assertThatThrownBy(() -> RawFrame.close(65_536, "")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("65536");
    }

    @Test
    void saysWhatCameInsteadOfWhatItExpected() {
        try (HawserTest test = HawserTest.of(EchoFace.DIRECT.handler(), o -> o.patience(Duration.ofMillis(10)))) {
            RawPeer peer = test.raw("/chat").send(RawFrame.text("Ahoy"));
            assertThatThrownBy(() -> peer.expectClose(1000)).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected a close frame with 1000").hasMessageContaining("TEXT \"Ahoy\" came").hasMessageContaining("/chat");
            assertThatThrownBy(peer::expectNothing).isInstanceOf(AssertionError.class).hasMessageContaining("TEXT \"Ahoy\" came");
            assertThatThrownBy(() -> peer.expectHex("81 00")).isInstanceOf(AssertionError.class).hasMessageContaining("81 00");
            peer.expect(RawFrame.text("Ahoy"));
            assertThatThrownBy(peer::expectFrame).isInstanceOf(AssertionError.class).hasMessageContaining("but nothing came");
            assertThatThrownBy(peer::expectEnd).isInstanceOf(AssertionError.class).hasMessageContaining("but nothing came");
            assertThatThrownBy(() -> peer.sendHex("8")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("\"8\"");
            peer.toServer().reset();
            peer.expectReset();
            assertThatThrownBy(() -> peer.sendHex("81")).isInstanceOf(IllegalStateException.class).hasMessageContaining("reset");
        }
    }

    @Test
    @Tag("hostile-56")
    void anEndInsideAFrameEndsTheServersSide() {
        try (HawserTest test = HawserTest.of(EchoFace.DIRECT.handler())) {
            RawPeer peer = test.raw("/").sendHex("81 85 37 fa").end();
            assertThatThrownBy(() -> peer.sendHex("81")).isInstanceOf(IllegalStateException.class).hasMessageContaining("ended");
            peer.expectEnd();
        }
    }

    @Test
    @Tag("hostile-4")
    @Tag("hostile-6")
    void saysHowAnUpgradeWasRefused() {
        try (HawserTest test = HawserTest.of(HttpHandler.webSocket(EchoFace.DIRECT.handler()))) {
            assertThatThrownBy(() -> test.raw("/", "Sec-WebSocket-Version", "12")).isInstanceOf(AssertionError.class).hasMessageContaining("426");
            assertThatThrownBy(() -> test.raw("/", "sec-websocket-key", "short")).isInstanceOf(AssertionError.class).hasMessageContaining("400");
            assertThatThrownBy(() -> test.raw("/", "Origin")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Origin");
        }
        try (HawserTest test = HawserTest.of(request -> Response.text(401, "who are you?"))) {
            assertThatThrownBy(() -> test.raw("/")).isInstanceOf(AssertionError.class).hasMessageContaining("401 who are you?");
        }
    }
}
