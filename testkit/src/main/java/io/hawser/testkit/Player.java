// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.testkit.RecordedLine.Kind;
import io.hawser.testkit.memory.HandEnd;
import io.hawser.testkit.memory.SeenFrame;
import io.hawser.testkit.memory.SeenFrames;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plays one side of a recording at one end of a connection: in the recording's order it sends what is this side's, when its time has come,
 * and awaits what is the other's. The loop's own.
 */
final class Player {
    /** Lines shown in front of and behind one that differs. */
    private static final int AROUND = 3;

    private final Scene scene;
    private final HandEnd end;
    private final boolean client;
    private final List<RecordedLine> lines;
    private final Duration began;
    private int next;
    /** How many bytes of the other side were compared. */
    private int compared;
    private boolean endCompared;
    private boolean resetCompared;
    /** The line of the other side's for which there is a deadline. */
    private int timed = -1;
    private boolean stepping;
    private @Nullable String failure;

    /**
     * A player, for which the connection begins now.
     *
     * @param client whether the client's side is played, else it is the server's
     */
    Player(Scene scene, HandEnd end, boolean client, List<RecordedLine> lines) {
        this.scene = scene;
        this.end = end;
        this.client = client;
        this.lines = lines;
        this.began = scene.world().elapsed();
    }

    /** Begins, best before the other end has one of its own timers set: at the same instant this one's come first then, as they did. */
    void begin() {
        end.onChange(this::step);
        lines.stream().filter(line -> line.byClient() == client).map(RecordedLine::at).distinct()
                .forEach(at -> scene.network().schedule(this::step, at));
        step();
    }

    /** Whether all was played, or something differed. */
    boolean isDone() {
        return failure != null || next == lines.size();
    }

    /** What differed. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    private void step() {
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            while (!isDone() && (lines.get(next).byClient() == client ? play(lines.get(next)) : compare(lines.get(next)))) {
                next++;
            }
            if (failure == null && next == lines.size()) {
                came().ifPresent(this::failAt);
            }
        } finally {
            stepping = false;
        }
    }

    private Duration now() {
        return scene.world().elapsed().minus(began);
    }

    // ---- this side's

    /** Whether it is played. */
    private boolean play(RecordedLine line) {
        if (line.at().compareTo(now()) > 0) {
            return false; // a timer is set
        }
        if (end.isReset() && line.kind() != Kind.RESET) {
            fail("the connection was broken already");
            return false;
        }
        switch (line.kind()) {
            case FRAME -> end.send(frame(line).bytes(client));
            case END -> end.endOutput();
            case RESET -> end.cut();
        }
        return true;
    }

    private static RawFrame frame(RecordedLine line) {
        return Objects.requireNonNull(line.frame());
    }

    // ---- the other side's

    /** Whether it came. */
    private boolean compare(RecordedLine line) {
        Optional<RecordedLine> came = came();
        if (came.isEmpty()) {
            giveUpLater(line);
            return false;
        }
        if (!came.get().isSameButTime(line)) {
            failAt(came.get());
            return false;
        }
        take(line.kind());
        return true;
    }

    private void giveUpLater(RecordedLine line) {
        int awaited = next;
        if (timed == awaited) {
            return;
        }
        timed = awaited;
        Duration left = line.at().minus(now());
        Duration within = scene.options().within();
        scene.network().schedule(() -> {
            if (next == awaited && failure == null && came().isEmpty()) {
                fail("nothing came within " + Shown.time(within));
            }
        }, left.isNegative() ? within : left.plus(within));
    }

    /** The other side's next line, as far as it came. */
    private Optional<RecordedLine> came() {
        ByteBuffer ahead = ahead();
        Optional<SeenFrame> frame = SeenFrames.next(ahead);
        if (frame.isPresent()) {
            return Optional.of(RecordedLine.of(now(), !client, frame.get()));
        }
        if (end.isEnded() && !endCompared) {
            return Optional.of(new RecordedLine(now(), !client, Kind.END, null));
        }
        boolean reset = end.isReset() && !resetCompared && lines.stream().limit(next).noneMatch(line -> line.kind() == Kind.RESET);
        return reset ? Optional.of(new RecordedLine(now(), !client, Kind.RESET, null)) : Optional.empty();
    }

    private ByteBuffer ahead() {
        return ByteBuffer.wrap(end.received(), compared, end.receivedBytes() - compared).slice();
    }

    private void take(Kind kind) {
        switch (kind) {
            case FRAME -> {
                ByteBuffer ahead = ahead();
                SeenFrames.next(ahead);
                compared += ahead.position();
            }
            case END -> endCompared = true;
            case RESET -> resetCompared = true;
        }
    }

    // ---- failures

    private void failAt(RecordedLine came) {
        fail("the " + (client ? "server" : "client") + " did\n  " + came);
    }

    private void fail(String but) {
        StringBuilder text = new StringBuilder();
        boolean atEnd = next == lines.size();
        text.append("expected ").append(atEnd ? "the end of the recording" : "\n  " + lines.get(next));
        text.append("\nbut ").append(but);
        text.append("\n\nin the recording:");
        for (int i = Math.max(0, next - AROUND); i <= Math.min(lines.size() - 1, next + AROUND); i++) {
            text.append(i == next ? "\n=>" : "\n  ").append(lines.get(i));
        }
        failure = text.append(atEnd ? "\n=>" : "").toString();
        if (!client && !end.isReset() && !end.isEnding()) { // else the client under test waited in vain
            end.send(RawFrame.close(1011, "not as recorded; PlayedServer.expectPlayed tells more").bytes(client));
            end.endOutput();
        }
    }
}
