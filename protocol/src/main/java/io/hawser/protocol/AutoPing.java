// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;

/** Pings at an interval and measures how long the answers take. A pong answers its ping and all earlier ones. */
final class AutoPing implements FrameStage.Frames {
    private static final int MAX_OUTSTANDING = 256;

    private final Duration interval;
    private final Supplier<byte[]> bodies;
    private final StageContext stage;
    private final ArrayDeque<Ping> outstanding = new ArrayDeque<>(2);

    AutoPing(Duration interval, Supplier<byte[]> bodies, StageContext stage) {
        this.interval = interval;
        this.bodies = bodies;
        this.stage = stage;
        stage.schedule(interval, this::ping);
    }

    static void requirePositive(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("ping interval must be positive: " + interval);
        }
    }

    /** Bodies that differ from each other, and by their length from keep-alive's. */
    static Supplier<byte[]> numbered() {
        long[] pings = {0};
        return () -> ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(0x6175746F) // "auto"
                .putLong(++pings[0])
                .array();
    }

    private void ping() {
        Frame frame = Frame.ping(bodies.get());
        if (outstanding.size() == MAX_OUTSTANDING) {
            outstanding.removeFirst();
        }
        outstanding.addLast(new Ping(frame.payload(), stage.nanoTime()));
        stage.send(frame);
        stage.schedule(interval, this::ping);
    }

    @Override
    public List<Frame> incoming(Frame frame) {
        if (frame.opcode() != Opcode.PONG) {
            return List.of(frame);
        }
        ByteBuffer body = frame.payload();
        if (outstanding.stream().noneMatch(ping -> ping.body.equals(body))) {
            return List.of(frame);
        }
        Ping answered;
        do {
            answered = outstanding.removeFirst();
        } while (!answered.body.equals(body));
        stage.roundTrip(Duration.ofNanos(stage.nanoTime() - answered.sentNanos));
        return List.of();
    }

    private record Ping(ByteBuffer body, long sentNanos) {}
}
