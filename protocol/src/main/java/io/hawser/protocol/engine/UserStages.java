// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Limits;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.frame.MaskedFrameSink;
import io.hawser.protocol.message.PayloadAssembler;
import io.hawser.protocol.stage.ControlFrames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The user's stages of one connection, in both directions. */
final class UserStages {
    private final StageHost host;
    private final OutgoingFrames outgoing;
    private final ObjLongConsumer<CloseStatus> onFail;
    private final List<StageLink> links = new ArrayList<>();
    private final List<PayloadAssembler> assemblers = new ArrayList<>();
    private final Entry entry = new Entry();
    private Runnable onOpen = () -> {};

    /**
     * Stages that are not open yet.
     *
     * @param onFail fails the connection
     */
    UserStages(StageHost host, OutgoingFrames outgoing, ObjLongConsumer<CloseStatus> onFail) {
        this.host = host;
        this.outgoing = outgoing;
        this.onFail = onFail;
        for (FrameStage stage : host.stages()) {
            links.add(new StageLink(this, stage, links.size()));
        }
    }

    StageHost host() {
        return host;
    }

    /**
     * Puts the stages in front of the delivery.
     *
     * @param end takes what has passed them
     * @param limits where a message may be longer than an array can be, stages see its fragments
     * @param key the masking key of what is being parsed
     * @param onClose takes close frames, which bypass the stages
     * @return takes what comes, once the stages are open
     */
    MaskedFrameSink connect(
            StagedDelivery end, Limits limits, Supplier<OptionalInt> key, Consumer<byte[]> onClose) {
        boolean endless = limits.messageBytes() > IncomingFrames.MAX_ARRAY_BYTES;
        StageLink.Assembly assembly = new StageLink.Assembly(!endless && !host.rawFragments(), endless, key, assemblers);
        onOpen = () -> {
            FramePath next = end;
            for (int i = links.size() - 1; i >= 0; i--) {
                next = links.get(i).connect(next, assembly);
            }
            entry.next = new ControlFrames(next.chunks(), new WholeFrames(next::frame, passedBy(onClose), key));
        };
        return entry;
    }

    private Consumer<byte[]> passedBy(Consumer<byte[]> onClose) {
        return payload -> {
            Frame close = Frame.wrap(Opcode.CLOSE, true, payload);
            links.forEach(link -> link.closeComes(close));
            onClose.accept(payload);
        };
    }

    /** A close frame leaves. */
    void closeLeaves(CloseStatus status) {
        Frame close = Frame.wrap(Opcode.CLOSE, true, status.toPayload().array());
        for (int i = links.size() - 1; i >= 0; i--) {
            links.get(i).closeLeaves(close);
        }
    }

    /** Opens the stages, the nearest to the wire first. */
    void open() {
        links.forEach(StageLink::open);
        onOpen.run();
    }

    /** Whether a message has begun that a stage will see whole. */
    boolean isAssembling() {
        return assemblers.stream().anyMatch(PayloadAssembler::isOpen);
    }

    /** A number that grows with what has come of such a message. */
    long progress() {
        return assemblers.stream().mapToLong(PayloadAssembler::progress).sum();
    }

    /** The connection is closed. */
    void onClosed() {
        assemblers.forEach(PayloadAssembler::discard);
        links.forEach(StageLink::onClosed);
    }

    /** Sends a frame of the handler's through all stages. */
    void send(Frame frame, @Nullable SendCallback callback) {
        send(frame, links.size() - 1, callback, false);
    }

    /** Sends an answer to a ping through all stages. */
    void answer(Frame pong) {
        send(pong, links.size() - 1, null, true);
    }

    /**
     * Sends a frame through the stages from this place on towards the wire.
     *
     * @param answers whether of pongs that have to wait the latest is enough
     */
    void send(Frame frame, int from, @Nullable SendCallback callback, boolean answers) {
        List<Frame> frames = outgoing.isClosed() ? List.of() : List.of(frame);
        for (int i = from; i >= 0; i--) {
            List<Frame> outs = new ArrayList<>(1);
            for (Frame in : frames) {
                outs.addAll(links.get(i).outgoing(in));
            }
            frames = outs;
        }
        int last = frames.size() - 1;
        for (int i = 0; i <= last; i++) {
            leave(frames.get(i), i == last ? callback : null, answers);
        }
        if (last < 0 && callback != null) {
            callback.onDone(!outgoing.isClosed());
        }
    }

    private void leave(Frame frame, @Nullable SendCallback callback, boolean answers) {
        Opcode opcode = frame.opcode();
        if (!opcode.isControl()) {
            outgoing.data(opcode, frame.fin(), frame.rsv(), frame.maskingKey(), frame.payload(), callback);
        } else if (answers && opcode == Opcode.PONG) {
            byte[] payload = new byte[frame.length()];
            frame.payload().get(payload);
            outgoing.answer(payload);
        } else {
            outgoing.control(frame, callback);
        }
    }

    void fail(CloseStatus status) {
        onFail.accept(status, host.nanoTime());
    }

    /** A stage threw something, or gave out what is not legal. */
    void failed(FrameStage stage, Throwable cause) {
        host.onStageFailed(stage, cause);
        fail(CloseStatus.of(CloseStatus.INTERNAL_ERROR));
    }

    /** Where what comes enters; the way is known when the stages are open. */
    private static final class Entry implements MaskedFrameSink {
        private MaskedFrameSink next = this;

        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
            next.onFrame(opcode, fin, rsv, length);
        }

        @Override
        public void onMasked(ByteBuffer chunk, int key) {
            next.onMasked(chunk, key);
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            next.onPayload(chunk);
        }

        @Override
        public void onFrameEnd() {
            next.onFrameEnd();
        }
    }
}
