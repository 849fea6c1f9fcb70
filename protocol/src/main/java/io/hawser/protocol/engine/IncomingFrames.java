// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Limits;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.deflate.Inflation;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.frame.FrameParser;
import io.hawser.protocol.frame.MaskedFrameSink;
import io.hawser.protocol.message.PayloadAssembler;
import io.hawser.protocol.stage.ChunkDemand;
import io.hawser.protocol.stage.ControlFrames;
import io.hawser.protocol.stage.ControlSink;
import io.hawser.protocol.stage.FrameRules;
import io.hawser.protocol.stage.SizeLimits;
import io.hawser.protocol.stage.StageClock;
import io.hawser.protocol.stage.TextCheck;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What comes: the parser and the stages behind it, from bytes to the pieces in which data is delivered; and how long a message that
 * has begun may stand still.
 */
final class IncomingFrames {
    static final long MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8L;

    private final Demand demand = new Demand();
    private final FrameParser parser;
    private final FrameRules rules;
    private final @Nullable PayloadAssembler assembler;
    private final Timeout unfinishedMessage;
    private long progressSeen;
    private boolean heldBack;
    private boolean messageCutOff;
    private final @Nullable UserStages stages;
    /** What the user's stages gave out; null where there are none. */
    private final @Nullable StagedDelivery staged;
    /** Inflates what is compressed; null if that was not agreed on. */
    private final @Nullable Inflation inflation;

    IncomingFrames(
            Role role,
            EngineSettings settings,
            Delivery delivery,
            ControlSink control,
            StageClock clock,
            @Nullable UserStages stages) {
        this.stages = stages;
        assembler = assembler(delivery, settings.limits());
        MaskedFrameSink data = Objects.requireNonNull(
                delivery instanceof Delivery.Chunks chunks ? new ChunkDemand(demand, chunks.sink()) : assembler);
        MaskedFrameSink checked;
        if (stages == null) {
            staged = null;
            checked = new ControlFrames(data, control);
        } else {
            staged = new StagedDelivery(demand, data, control, this::hold);
            checked = stages.connect(staged, settings.limits(), this::parsedKey, control::onClose);
        }
        MaskedFrameSink text = new TextCheck(checked);
        PermessageDeflate deflate = settings.deflate();
        inflation = deflate == null ? null : deflate.inflation(settings.limits(), this::takesData, this::hold, text);
        rules = new FrameRules(
                inflation == null ? 0 : Inflation.RSV1, new SizeLimits(settings.limits(), inflation == null ? text : inflation));
        parser = new FrameParser(role, rules, demand);
        unfinishedMessage = new Timeout(settings.unfinishedMessageTimeout(), clock);
    }

    private @Nullable PayloadAssembler assembler(Delivery delivery, Limits limits) {
        return switch (delivery) {
            case Delivery.Chunks chunks -> null;
            case Delivery.Fragments fragments -> {
                requireArray(Math.min(limits.frameBytes(), limits.messageBytes()));
                yield new PayloadAssembler(false, limits.messageBytes(), demand, fragments.sink()::onData);
            }
            case Delivery.Messages messages -> {
                requireArray(limits.messageBytes());
                yield new PayloadAssembler(true, limits.messageBytes(), demand, messages.sink()::onData);
            }
        };
    }

    private static void requireArray(long limit) {
        if (limit > MAX_ARRAY_BYTES) {
            throw new IllegalArgumentException("a payload of " + limit + " bytes fits no array; at most " + MAX_ARRAY_BYTES);
        }
    }

    /** Delivers what the bytes hold, as far as there is demand; after a violation nothing more. */
    void parse(ByteBuffer in) {
        try {
            goOn(in);
        } catch (ProtocolViolation found) {
            parser.stop();
            in.position(in.limit());
            stopInflating();
            throw found;
        } finally {
            heldBack = parser.isHeldBack() || !areDrained();
            noteProgress();
        }
    }

    /** What the stages gave out and what was inflated goes first; demand may come while it is delivered. */
    private void goOn(ByteBuffer in) {
        while (staged == null || staged.drain()) {
            if (inflation == null || inflation.drain()) {
                parser.parse(in);
            }
            if (staged == null || staged.isEmpty()) {
                return;
            }
        }
    }

    private boolean areDrained() {
        return (staged == null || staged.isEmpty()) && (inflation == null || !inflation.isHeldBack());
    }

    /** Whether what is inflated is wanted. */
    private boolean takesData() {
        return demand.isOpen() && (staged == null || staged.isEmpty());
    }

    private void stopInflating() {
        if (inflation != null) {
            inflation.stop();
        }
    }

    private void hold() {
        parser.hold();
    }

    private void noteProgress() {
        if (heldBack || !isAssembling()) {
            unfinishedMessage.stop();
        } else if (!unfinishedMessage.isRunning() || progress() != progressSeen) {
            unfinishedMessage.start();
            progressSeen = progress();
        }
    }

    private boolean isAssembling() {
        return assembler != null && assembler.isOpen() || stages != null && stages.isAssembling();
    }

    private long progress() {
        return (assembler == null ? 0 : assembler.progress()) + (stages == null ? 0 : stages.progress());
    }

    void request(long pieces) {
        demand.add(pieces);
    }

    /** The masking key of the frame that is being delivered; empty if the peer does not mask. */
    OptionalInt maskingKey() {
        return staged == null ? parser.maskingKey() : staged.maskingKey();
    }

    private OptionalInt parsedKey() {
        return parser.maskingKey();
    }

    /** Whether data waits for demand. */
    boolean isHeldBack() {
        return heldBack;
    }

    boolean isInsideFrame() {
        return parser.isInsideFrame();
    }

    /** Whether a message had begun and not ended when the input was stopped. */
    boolean isMessageCutOff() {
        return messageCutOff;
    }

    /** What a peer does that lets a message stand still for too long. */
    static ProtocolViolation unfinished() {
        return new ProtocolViolation(CloseStatus.POLICY_VIOLATION, "10.4", "an unfinished message does not go on");
    }

    /** How long the message that has begun may still stand still. */
    long unfinishedMessageNanosLeft() {
        return unfinishedMessage.nanosLeft();
    }

    /** Throws away what comes from now on, and what has come of a message. */
    void stop() {
        messageCutOff = rules.isMessageOpen();
        parser.stop();
        heldBack = false;
        unfinishedMessage.stop();
        if (assembler != null) {
            assembler.discard();
        }
        if (staged != null) {
            staged.stop();
        }
        stopInflating();
    }
}
