// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.testkit.memory.SeenFrame;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of a recording.
 *
 * @param at since the connection began
 * @param byClient whose it is
 * @param kind what it is
 * @param frame which one, where it is one
 */
record RecordedLine(Duration at, boolean byClient, Kind kind, @Nullable RawFrame frame) {
    /** What passes a connection. */
    enum Kind {
        FRAME,
        END,
        RESET
    }

    static RecordedLine of(Duration at, boolean byClient, SeenFrame seen) {
        RawFrame plain = RawFrame.of(seen.opcode(), seen.bytes()).fin(seen.fin()).rsv(seen.rsv());
        boolean masked = seen.key().isPresent();
        // Which key does not matter; that there is one does, where the role says otherwise.
        RawFrame frame = masked == byClient ? plain : masked ? plain.masked(seen.key().getAsInt()) : plain.unmasked();
        return new RecordedLine(at, byClient, Kind.FRAME, frame);
    }

    boolean isSameButTime(RecordedLine other) {
        return byClient == other.byClient && kind == other.kind && Objects.equals(frame, other.frame);
    }

    @Override
    public String toString() {
        return RecordingText.line(this);
    }
}
