// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.Delivery;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers messages as they begin, or those that turn out short as a whole. One message is open at a time: the next one waits until its
 * payload has been read or dropped. The engine's demand is one chunk at a time; a chunk that nobody wants yet is left to it.
 */
final class StreamedMessages extends Intake implements FrameSink {
    /** The longest message that is delivered whole; -1 for none. */
    private final long strictBytes;

    private long wanted;
    /** A message that has begun, which nobody has asked for yet. */
    private @Nullable Message waiting;

    /** Whether a message is being given to the face: what it asks for meanwhile comes behind that. */
    private boolean delivering;

    private boolean chunkRequested;
    private Opcode opcode = Opcode.TEXT;
    private boolean fin;
    private boolean frameHasPayload;
    /** What is to come of the frame's payload; -1 if that is not known. */
    private long frameLeft;
    /** Whether the message's last chunk is here, and its end follows at once. */
    private boolean isAtEnd;
    /** What came of a message that may still be a short one; null when that is decided. */
    private @Nullable ByteArrayOutputStream collected;
    /** As much of the message's length as is known. */
    private long announced;
    /** Runs while a message is collected: one that stands still is given up, as an engine does with those that it puts together. */
    private @Nullable Runnable cancelStallTimer;
    /** The chunks of the message under way, where it is streamed. */
    private @Nullable IncomingChunks<?> open;

    StreamedMessages(long strictBytes, LiveConnection live, Consumer<Message> onMessage) {
        super(live, onMessage);
        this.strictBytes = strictBytes;
    }

    @Override
    Delivery delivery() {
        return new Delivery.Chunks(this);
    }

    @Override
    void request(long messages) {
        wanted = wanted + messages < 0 ? Long.MAX_VALUE : wanted + messages;
        Message next = waiting;
        if (next != null && wanted > 0) {
            waiting = null;
            deliver(next);
            live.caughtUp();
        }
        goOn();
    }

    @Override
    boolean isCaughtUp() {
        return waiting == null;
    }

    @Override
    boolean isInsideMessage() {
        return open != null && waiting == null;
    }

    @Override
    void onClosed(Closed how) {
        endCollecting();
        if (open != null) {
            open.fail(live.end().inputFailure());
        }
    }

    @Override
    public void onFrame(Opcode frameOpcode, boolean frameFin, int rsv, long length) {
        fin = frameFin;
        frameHasPayload = false;
        frameLeft = length;
        if (frameOpcode != Opcode.CONTINUATION) {
            opcode = frameOpcode;
            announced = 0;
            collected = new ByteArrayOutputStream(0);
        }
        announced += Math.max(0, length);
        decide();
        goOn();
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        frameHasPayload = true;
        chunkRequested = false;
        int size = chunk.remaining();
        isAtEnd = fin && frameLeft == size;
        if (collected != null) {
            byte[] bytes = new byte[chunk.remaining()];
            chunk.get(bytes);
            collected.writeBytes(bytes);
            announced = Math.max(announced, collected.size()); // a frame's length need not be known before
            watchForStall();
            decide();
        } else if (open != null) {
            open.offer(chunk);
        }
        isAtEnd &= !chunk.hasRemaining();
        frameLeft -= frameLeft < 0 ? 0 : size - chunk.remaining();
        goOn();
    }

    @Override
    public void onFrameEnd() {
        if (!frameHasPayload) {
            chunkRequested = false; // an empty frame took it
        }
        isAtEnd = false;
        if (fin) {
            if (collected != null) {
                byte[] whole = collected.toByteArray();
                endCollecting();
                deliver(Messages.of(opcode, whole));
            } else if (open != null) {
                IncomingChunks<?> ended = open;
                open = null;
                ended.end();
            }
        }
        goOn();
    }

    /** Streams the message if it is known to be longer than what is delivered whole. */
    private void decide() {
        ByteArrayOutputStream begun = collected;
        if (begun == null || announced <= strictBytes) {
            return;
        }
        endCollecting();
        ByteBuffer first = ByteBuffer.wrap(begun.toByteArray());
        if (opcode == Opcode.TEXT) {
            IncomingText text = new IncomingText(live, this, first);
            open = text.incoming();
            deliver(text);
        } else {
            IncomingBinary binary = new IncomingBinary(live, this, first);
            open = binary.incoming();
            deliver(binary);
        }
    }

    private void watchForStall() {
        stopWatching();
        Duration patience = live.options().engineSettings().unfinishedMessageTimeout();
        if (strictBytes >= 0 && !patience.isZero()) {
            cancelStallTimer = live.wire().schedule(
                    () -> live.fail(CloseStatus.of(CloseStatus.POLICY_VIOLATION, "an unfinished message does not go on")),
                    patience.toNanos());
        }
    }

    private void stopWatching() {
        if (cancelStallTimer != null) {
            cancelStallTimer.run();
            cancelStallTimer = null;
        }
    }

    private void endCollecting() {
        collected = null;
        stopWatching();
    }

    private void deliver(Message message) {
        if (wanted == 0) {
            waiting = message;
            return;
        }
        if (wanted != Long.MAX_VALUE) {
            wanted--;
        }
        delivering = true;
        try {
            onMessage.accept(message);
        } finally {
            delivering = false;
        }
    }

    /** Asks the engine for a chunk, if somebody would take it. */
    void goOn() {
        if (!delivering && waiting == null && isChunkUseful() && !chunkRequested) {
            chunkRequested = true;
            if (collected != null && cancelStallTimer == null) {
                watchForStall(); // from now on it is the peer who keeps us waiting
            }
            live.request(1);
        }
    }

    private boolean isChunkUseful() {
        if (isAtEnd) {
            // A chunk of the next message. If nobody has asked for that, it is left where it holds back the close behind it.
            return wanted > (collected == null ? 0 : 1);
        }
        // What is being streamed is always asked for more, so that its end is seen though it be an empty frame.
        return open == null ? wanted > 0 : !open.isStalled();
    }
}
