// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.protocol.engine.EngineSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WebSocketOptionsTest {
    private static final WebSocketOptions DEFAULTS = WebSocketOptions.defaults();

    @Test
    void beginWithTheDefaultsThatAreDocumented() {
        assertThat(DEFAULTS.engineSettings()).isEqualTo(EngineSettings.DEFAULT);
        assertThat(DEFAULTS.messages().maxBytes()).isEqualTo(1 << 20);
        assertThat(DEFAULTS.highWaterBytes()).isEqualTo(65_536);
        assertThat(DEFAULTS.lowWaterBytes()).isEqualTo(32_768);
        assertThat(DEFAULTS.rawFragments()).isFalse();
        assertThat(DEFAULTS.compression()).isEqualTo(Compression.on());
    }

    @Test
    void keepWhatWasSetBeforeAndLeaveTheOriginal() {
        Duration second = Duration.ofSeconds(1);
        WebSocketOptions changed = DEFAULTS.messages(MessagePolicy.strict(7))
                .maxFrameBytes(5)
                .maxFragments(6)
                .maxControlFramesPerSecond(8)
                .autoPong(false)
                .keepAlive(new KeepAlive(second, second.plusNanos(1)))
                .idleTimeout(second.plusNanos(2))
                .unfinishedMessageTimeout(second.plusNanos(3))
                .noProgressTimeout(second.plusNanos(4))
                .closeTimeout(second.plusNanos(5))
                .waterMarks(20, 10)
                .rawFragments(true)
                .compression(Compression.off());
        EngineSettings engine = changed.engineSettings();
        assertThat(engine.limits().messageBytes()).isEqualTo(7);
        assertThat(engine.limits().frameBytes()).isEqualTo(5);
        assertThat(engine.limits().fragments()).isEqualTo(6);
        assertThat(engine.limits().controlFramesPerSecond()).isEqualTo(8);
        assertThat(engine.autoPong()).isFalse();
        assertThat(engine.keepAliveInterval()).isEqualTo(second);
        assertThat(engine.keepAliveTimeout()).isEqualTo(second.plusNanos(1));
        assertThat(engine.idleTimeout()).isEqualTo(second.plusNanos(2));
        assertThat(engine.unfinishedMessageTimeout()).isEqualTo(second.plusNanos(3));
        assertThat(engine.noProgressTimeout()).isEqualTo(second.plusNanos(4));
        assertThat(engine.closeTimeout()).isEqualTo(second.plusNanos(5));
        assertThat(changed.highWaterBytes()).isEqualTo(20);
        assertThat(changed.lowWaterBytes()).isEqualTo(10);
        assertThat(changed.rawFragments()).isTrue();
        assertThat(changed.compression().enabled()).isFalse();
        assertThat(WebSocketOptions.defaults().engineSettings()).isEqualTo(EngineSettings.DEFAULT);
    }

    @Test
    void refuseValuesOutOfRange() {
        Duration negative = Duration.ofNanos(-1);
        Duration tooLong = Duration.ofSeconds(Long.MAX_VALUE);
        List<UnaryOperator<WebSocketOptions>> wrong = List.of(
                o -> o.maxFrameBytes(-1),
                o -> o.maxFragments(0),
                o -> o.maxControlFramesPerSecond(0),
                o -> o.keepAlive(KeepAlive.after(tooLong)),
                o -> o.idleTimeout(negative),
                o -> o.idleTimeout(tooLong),
                o -> o.unfinishedMessageTimeout(negative),
                o -> o.noProgressTimeout(Duration.ZERO),
                o -> o.noProgressTimeout(negative),
                o -> o.closeTimeout(Duration.ZERO),
                o -> o.closeTimeout(negative),
                o -> o.waterMarks(10, 0),
                o -> o.waterMarks(10, 11),
                o -> o.waterMarks(0, 0));
        for (UnaryOperator<WebSocketOptions> change : wrong) {
            refused(() -> change.apply(DEFAULTS));
        }
        refused(() -> KeepAlive.after(negative));
        refused(() -> new KeepAlive(Duration.ZERO, Duration.ZERO));
        refused(() -> new KeepAlive(Duration.ZERO, negative));
        refused(() -> MessagePolicy.strict(-1));
        refused(() -> MessagePolicy.strict(Integer.MAX_VALUE - 7L));
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageMatching(".+");
    }

    @Test
    void takeTheEdgesOfTheirRanges() {
        assertThat(MessagePolicy.strict(0).maxBytes()).isZero();
        assertThat(MessagePolicy.strict(Integer.MAX_VALUE - 8L).maxBytes()).isEqualTo(Integer.MAX_VALUE - 8L);
        assertThat(DEFAULTS.waterMarks(1, 1).highWaterBytes()).isEqualTo(1);
        assertThat(DEFAULTS.idleTimeout(Duration.ZERO).engineSettings().idleTimeout()).isZero();
    }

    @Test
    void ofAHandlerGoOverTheServers() {
        WebSocketHandler handler = WebSocketHandler.each(message -> message)
                .with(o -> o.maxFragments(2))
                .with(o -> o.rawFragments(true));
        WebSocketOptions options = handler.optionsOver(DEFAULTS.maxFragments(9).maxFrameBytes(3));
        assertThat(options.engineSettings().limits().fragments()).isEqualTo(2);
        assertThat(options.engineSettings().limits().frameBytes()).isEqualTo(3);
        assertThat(options.rawFragments()).isTrue();
    }
}
