// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.Utf8;
import io.hawser.protocol.engine.ProtocolEngine;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The order in which messages leave: one at a time is open. While a streamed one is, or fragments are being sent frame by frame, the
 * messages behind it wait here. The loop's own.
 */
final class Outbox {
    private final LiveConnection live;
    private final ProtocolEngine engine;

    private @Nullable OutgoingStream<?> open;
    private boolean fragmentsOpen;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
    private long waitingBytes;
    /** Whether what waits is being begun: a stream that ends within that does not deepen the stack. */
    private boolean beginning;
    /** What to do when all has left that is here; null for nothing. */
    private @Nullable Runnable whenEmpty;

    Outbox(LiveConnection live, ProtocolEngine engine) {
        this.live = live;
        this.engine = engine;
    }

    private record Waiting(Message message, @Nullable SendCallback callback) {}

    /** Bytes of messages that wait here for their turn. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** Whether a message that is sent now has to wait for the end of another. */
    boolean isBusy() {
        return open != null || fragmentsOpen;
    }

    /** Whether a streamed message is under way. */
    boolean isStreaming() {
        return open != null;
    }

    void send(Message message, @Nullable SendCallback callback) {
        if (!engine.isOpen()) {
            refuse(message, callback);
        } else if (isBusy() || beginning && !waiting.isEmpty()) {
            waiting.addLast(new Waiting(message, callback));
            waitingBytes += strictBytes(message);
        } else {
            begin(message, callback);
        }
    }

    /** Sends a data frame as it is; messages wait while fragments are to follow it. */
    void send(Frame frame) {
        engine.send(frame, null);
        if (!frame.opcode().isControl()) {
            fragmentsOpen = !frame.fin();
            beginNext();
        }
    }

    /**
     * Runs this when what is being streamed has left for the engine, and what waits behind it: at once if nothing is. The first action
     * holds.
     */
    void whenEmpty(Runnable action) {
        if (isStreaming() || beginning) {
            whenEmpty = whenEmpty == null ? action : whenEmpty;
        } else {
            action.run();
        }
    }

    /** The engine takes more. */
    void onWritable() {
        if (open != null) {
            open.goOn();
        }
    }

    /** The streamed message has left. */
    void onStreamEnd() {
        open = null;
        beginNext();
    }

    /** Nothing leaves any more. */
    void end() {
        whenEmpty = null;
        if (open != null) {
            open.cancel();
            open = null;
        }
        fragmentsOpen = false;
        for (Waiting next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            refuse(next.message(), next.callback());
        }
        waitingBytes = 0;
    }

    private void refuse(Message message, @Nullable SendCallback callback) {
        live.guard(message::discard);
        if (callback != null) {
            callback.onDone(false);
        }
    }

    private void beginNext() {
        if (beginning) {
            return;
        }
        beginning = true;
        try {
            while (!isBusy() && !waiting.isEmpty()) {
                Waiting next = waiting.removeFirst();
                waitingBytes -= strictBytes(next.message());
                begin(next.message(), next.callback());
            }
        } finally {
            beginning = false;
        }
        Runnable action = whenEmpty;
        if (!isBusy() && action != null) {
            whenEmpty = null;
            action.run();
        }
    }

    private void begin(Message message, @Nullable SendCallback callback) {
        switch (message) {
            case TextMessage.Strict text -> {
                if (text.shared().isPresent()) {
                    engine.send(text.shared().get(), callback);
                } else {
                    engine.send(Opcode.TEXT, text.data(), callback);
                }
            }
            case BinaryMessage.Strict binary -> {
                if (binary.shared().isPresent()) {
                    engine.send(binary.shared().get(), callback);
                } else {
                    engine.send(Opcode.BINARY, binary.data(), callback);
                }
            }
            case TextMessage.Streamed text -> {
                Utf8.Encoder encoder = new Utf8.Encoder();
                stream(text::chunks, new OutgoingStream<>(
                        live, this, engine, Opcode.TEXT, encoder::encode, encoder::finish, callback));
            }
            case BinaryMessage.Streamed binary ->
                stream(binary::chunks, new OutgoingStream<>(
                        live, this, engine, Opcode.BINARY, Outbox::bytesOf, () -> {}, callback));
        }
    }

    private <C> void stream(Supplier<Flow.Publisher<C>> chunks, OutgoingStream<C> stream) {
        open = stream;
        try {
            chunks.get().subscribe(stream);
        } catch (Throwable failure) { // whatever the application throws: the message cannot be sent
            stream.onError(failure);
        }
    }

    private static byte[] bytesOf(ByteBuffer chunk) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(chunk.position(), bytes);
        return bytes;
    }

    /** The bytes that are there of a message. */
    static long strictBytes(Message message) {
        return switch (message) {
            case TextMessage.Strict text -> text.length();
            case BinaryMessage.Strict binary -> binary.length();
            case TextMessage.Streamed text -> 0;
            case BinaryMessage.Streamed binary -> 0;
        };
    }
}
