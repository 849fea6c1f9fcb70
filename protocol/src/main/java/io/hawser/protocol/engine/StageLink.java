// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.StageContext;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.frame.MaskedFrameSink;
import io.hawser.protocol.message.PayloadAssembler;
import io.hawser.protocol.stage.ControlFrames;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One of the user's stages at its place in a connection: what it makes of frames in either direction, and what it can do. */
final class StageLink implements StageContext {
    private final UserStages stages;
    private final FrameStage stage;
    private final int place;
    private final StageCheck outgoingCheck = new StageCheck();
    private FrameStage.Opened opened = new FrameStage.Frames() {};
    private Consumer<Frame> outgoing = frame -> give(frame, true);
    private FrameSink outgoingChunks = new Collected();
    /** What the frame under way became; a chunk stage may also give something out at another time. */
    private List<Frame> given = List.of();
    private boolean giving;

    /** A stage at its place, 0 being the nearest to the wire. */
    StageLink(UserStages stages, FrameStage stage, int place) {
        this.stages = stages;
        this.stage = stage;
        this.place = place;
    }

    void open() {
        guard(() -> opened = stage.open(this));
        switch (opened) {
            case FrameStage.Frames frames ->
                outgoing = frame -> frames.outgoing(frame).forEach(out -> give(out, isSame(out, frame)));
            case FrameStage.Chunks chunks -> {
                guard(() -> outgoingChunks = chunks.outgoing(outgoingChunks));
                outgoing = frame -> write(frame, outgoingChunks);
            }
        }
    }

    /** The way of what comes, through the open stage. */
    FramePath connect(FramePath next, Assembly assembly) {
        return switch (opened) {
            case FrameStage.Frames frames -> new FrameLink(frames, next, assembly);
            case FrameStage.Chunks chunks -> new ChunkLink(chunks, next);
        };
    }

    /** How the frames are put together that a stage sees. */
    record Assembly(boolean join, boolean cut, Supplier<OptionalInt> key, List<PayloadAssembler> all) {
        MaskedFrameSink into(Consumer<Frame> next) {
            Demand always = new Demand();
            always.add(Long.MAX_VALUE);
            PayloadAssembler assembler = new PayloadAssembler(join, Integer.MAX_VALUE, always, (opcode, fin, payload) ->
                    next.accept(WholeFrames.masked(Frame.wrap(opcode, fin, payload), key.get())));
            all.add(assembler);
            return cut ? new FrameCutter(assembler) : assembler;
        }
    }

    void closeComes(Frame close) {
        guard(() -> opened.closeComes(close));
    }

    void closeLeaves(Frame close) {
        guard(() -> opened.closeLeaves(close));
    }

    void onClosed() {
        guard(opened::onClosed);
    }

    /** What becomes of a frame that leaves. */
    List<Frame> outgoing(Frame frame) {
        List<Frame> outs = new ArrayList<>(1);
        given = outs;
        giving = true;
        boolean whole = guard(() -> outgoing.accept(frame));
        giving = false;
        return whole ? outs : List.of();
    }

    private void give(Frame frame, boolean wentIn) {
        outgoingCheck.check(frame, wentIn);
        if (giving) {
            given.add(frame);
        } else {
            stages.send(frame, place - 1, null, true);
        }
    }

    @SuppressWarnings("ReferenceEquality") // an equal frame would have to be compared byte by byte
    private static boolean isSame(Frame out, Frame in) {
        return out == in;
    }

    private static void write(Frame frame, FrameSink sink) {
        sink.onFrame(frame.opcode(), frame.fin(), frame.rsv(), frame.length());
        sink.onPayload(frame.payload());
        sink.onFrameEnd();
    }

    /** Runs the stage's code; returns whether it went well. */
    private boolean guard(Runnable code) {
        try {
            code.run();
            return true;
        } catch (Throwable failure) { // an Error of a stage, too, is no reason to end the loop
            stages.failed(stage, failure);
            return false;
        }
    }

    @Override
    public void send(Frame frame) {
        if (frame.opcode() == Opcode.CLOSE) {
            throw new IllegalArgumentException("a close frame is sent by fail(CloseStatus)");
        }
        sendOn(frame);
    }

    private void sendOn(Frame frame) {
        outgoingCheck.check(frame, false);
        stages.send(frame, place - 1, null, true);
    }

    @Override
    public void fail(CloseStatus status) {
        stages.fail(status);
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        return stages.host().schedule(delay, () -> guard(task));
    }

    @Override
    public long nanoTime() {
        return stages.host().nanoTime();
    }

    @Override
    public void roundTrip(Duration time) {
        stages.host().onRoundTrip(time);
    }

    /** What comes, through a stage that sees whole frames. */
    private final class FrameLink implements FramePath {
        private final FrameStage.Frames frames;
        private final FramePath next;
        private final MaskedFrameSink chunks;
        private final StageCheck check = new StageCheck();

        FrameLink(FrameStage.Frames frames, FramePath next, Assembly assembly) {
            this.frames = frames;
            this.next = next;
            this.chunks = new ControlFrames(assembly.into(this::frame), WholeFrames.unmasked(this::frame));
        }

        @Override
        public MaskedFrameSink chunks() {
            return chunks;
        }

        @Override
        public void frame(Frame frame) {
            List<Frame> outs = new ArrayList<>(1);
            boolean whole = guard(() -> frames.incoming(frame).forEach(out -> {
                check.check(out, isSame(out, frame));
                outs.add(out);
            }));
            if (whole) {
                outs.forEach(next::frame);
            }
        }
    }

    /** What comes, through a stage that sees chunks. */
    private final class ChunkLink implements FramePath, MaskedFrameSink {
        private FrameSink sink = new StageCheck();

        ChunkLink(FrameStage.Chunks chunks, FramePath next) {
            guard(() -> sink = chunks.incoming(new Checked(next.chunks())));
        }

        @Override
        public MaskedFrameSink chunks() {
            return this;
        }

        @Override
        public void frame(Frame frame) {
            write(frame, this);
        }

        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
            guardPeer(() -> sink.onFrame(opcode, fin, rsv, length));
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            guardPeer(() -> sink.onPayload(chunk));
            chunk.position(chunk.limit());
        }

        @Override
        public void onFrameEnd() {
            guardPeer(sink::onFrameEnd);
        }

        /** A sink may find a fault of the peer's, and so may what stands behind it. */
        private void guardPeer(Runnable code) {
            try {
                code.run();
            } catch (ProtocolViolation fault) {
                throw fault;
            } catch (Throwable failure) {
                stages.failed(stage, failure);
            }
        }
    }

    /** Checks what a chunk stage gives out towards the handler. */
    private record Checked(StageCheck check, MaskedFrameSink next) implements FrameSink {
        Checked(MaskedFrameSink next) {
            this(new StageCheck(), next);
        }

        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
            check.onFrame(opcode, fin, rsv, length);
            next.onFrame(opcode, fin, rsv, length);
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            check.onPayload(chunk);
            next.onPayload(chunk);
        }

        @Override
        public void onFrameEnd() {
            check.onFrameEnd();
            next.onFrameEnd();
        }
    }

    /** Puts the chunks together that a stage gives out towards the peer, which leave in whole frames. */
    private final class Collected implements FrameSink {
        private Opcode opcode = Opcode.BINARY;
        private boolean fin;
        private int rsv;
        private final ByteArrayOutputStream payload = new ByteArrayOutputStream(0);

        @Override
        public void onFrame(Opcode frameOpcode, boolean frameFin, int frameRsv, long length) {
            opcode = frameOpcode;
            fin = frameFin;
            rsv = frameRsv;
            payload.reset();
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            byte[] bytes = new byte[chunk.remaining()];
            chunk.get(bytes);
            payload.writeBytes(bytes);
        }

        @Override
        public void onFrameEnd() {
            give(Frame.wrap(opcode, fin, payload.toByteArray()).withRsv(rsv), false);
        }
    }
}
