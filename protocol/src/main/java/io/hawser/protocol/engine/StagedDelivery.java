// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.frame.MaskedFrameSink;
import io.hawser.protocol.stage.ControlFrames;
import io.hawser.protocol.stage.ControlSink;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.OptionalInt;

/**
 * The end of the user's stages: delivers what they gave out as far as there is demand. The rest waits here, in order, and the parser is
 * held meanwhile.
 */
final class StagedDelivery implements FramePath {
    private final Demand demand;
    private final MaskedFrameSink data;
    private final ControlSink control;
    private final MaskedFrameSink chunks;
    private final Runnable hold;
    private final ArrayDeque<Part> pending = new ArrayDeque<>(4);
    private boolean frameHasPayload;
    private OptionalInt key = OptionalInt.empty();
    private boolean stopped;

    /**
     * The end of the stages.
     *
     * @param data takes data, and of the demand what that is worth
     * @param control takes pings and pongs
     * @param hold holds the parser
     */
    StagedDelivery(Demand demand, MaskedFrameSink data, ControlSink control, Runnable hold) {
        this.demand = demand;
        this.data = data;
        this.control = control;
        this.hold = hold;
        this.chunks = new ControlFrames(new Parts(), WholeFrames.unmasked(this::frame));
    }

    /** The key that the frame came masked with which is being delivered. */
    OptionalInt maskingKey() {
        return key;
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    @Override
    public MaskedFrameSink chunks() {
        return chunks;
    }

    @Override
    public void frame(Frame frame) {
        if (frame.opcode().isControl()) {
            offer(new Control(frame));
        } else {
            offer(new Head(frame.opcode(), frame.fin(), frame.rsv(), frame.length(), frame.maskingKey()));
            offer(new Payload(frame.payload()));
            offer(new End());
        }
    }

    private void offer(Part part) {
        if (!stopped) {
            pending.addLast(part);
            if (!drain()) {
                hold.run();
            }
        }
    }

    /** Delivers what waits; returns whether that was all. */
    boolean drain() {
        Part first = pending.peekFirst();
        while (first != null && deliver(first)) {
            pending.pollFirst();
            first = pending.peekFirst();
        }
        return first == null;
    }

    /** Drops what waits, and what comes. */
    void stop() {
        stopped = true;
        pending.clear();
    }

    /** Whether the part was delivered whole. */
    private boolean deliver(Part part) {
        return switch (part) {
            case Head head -> {
                key = head.key;
                frameHasPayload = false;
                data.onFrame(head.opcode, head.fin, head.rsv, head.length);
                yield true;
            }
            case Payload payload -> payload.left() == 0 || demand.isOpen() && deliver(payload);
            case End end -> {
                boolean due = frameHasPayload || demand.isOpen();
                if (due) {
                    data.onFrameEnd();
                }
                yield due;
            }
            case Control(Frame frame) -> {
                key = frame.maskingKey();
                byte[] body = new byte[frame.length()];
                frame.payload().get(body);
                if (frame.opcode() == Opcode.PING) {
                    control.onPing(body);
                } else {
                    control.onPong(body);
                }
                yield true;
            }
        };
    }

    private boolean deliver(Payload payload) {
        frameHasPayload = true;
        data.onPayload(payload.chunk);
        return payload.left() == 0;
    }

    private sealed interface Part {}

    private record Head(Opcode opcode, boolean fin, int rsv, long length, OptionalInt key) implements Part {}

    private record End() implements Part {}

    private record Control(Frame frame) implements Part {}

    private static final class Payload implements Part {
        ByteBuffer chunk;

        Payload(ByteBuffer chunk) {
            this.chunk = chunk;
        }

        int left() {
            return chunk.remaining();
        }

        /** Keeps what is left of a borrowed chunk. */
        void keep() {
            byte[] bytes = new byte[chunk.remaining()];
            chunk.get(bytes);
            chunk = ByteBuffer.wrap(bytes);
        }
    }

    /** Data of stages that give out chunks. */
    private final class Parts implements MaskedFrameSink {
        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
            offer(new Head(opcode, fin, rsv, length, OptionalInt.empty()));
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            Payload payload = new Payload(chunk);
            offer(payload);
            payload.keep();
        }

        @Override
        public void onFrameEnd() {
            offer(new End());
        }
    }
}
