// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.TextMessage;
import io.hawser.waiting.Surroundings;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A text message as it comes. */
final class IncomingText implements TextMessage.Streamed, Unread {
    private static final int MAX_CUT_OFF_BYTES = 3;

    private final LiveConnection live;
    private final IncomingChunks<String> incoming;
    private volatile boolean readByThread;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    /** The beginning of a code point that a chunk has cut. */
    private final ByteBuffer cutOff = ByteBuffer.allocate(MAX_CUT_OFF_BYTES + 1);

    IncomingText(LiveConnection live, StreamedMessages intake, ByteBuffer first) {
        this.live = live;
        this.incoming = new IncomingChunks<>(live, intake, first, this::decode);
    }

    IncomingChunks<String> incoming() {
        return incoming;
    }

    /** The text in a chunk, which the engine has found to be UTF-8; null if it is the part of a code point only. */
    private @Nullable String decode(ByteBuffer chunk) {
        CharBuffer text = CharBuffer.allocate(cutOff.position() + chunk.remaining());
        while (cutOff.position() > 0 && chunk.hasRemaining()) {
            cutOff.put(chunk.get()).flip();
            decoder.decode(cutOff, text, false);
            cutOff.compact();
        }
        decoder.decode(chunk, text, false);
        cutOff.put(chunk);
        return text.flip().isEmpty() ? null : text.toString();
    }

    @Override
    public Flow.Publisher<String> chunks() {
        return incoming;
    }

    @Override
    public String text() {
        live.requireOffLoop();
        return TextMessage.Streamed.super.text();
    }

    @Override
    public ByteBuffer data() {
        live.requireOffLoop();
        return TextMessage.Streamed.super.data();
    }

    @Override
    public Reader reader() {
        live.requireOffLoop();
        readByThread = true;
        return TextMessage.Streamed.super.reader();
    }

    @Override
    public void discard() {
        incoming.drop();
    }

    @Override
    public Surroundings surroundings() {
        return incoming.surroundings();
    }

    @Override
    public void onDelivered() {
        incoming.onDelivered();
    }

    @Override
    public void makeWay() {
        // On the loop, behind what the receiver has sent: this may be about to subscribe to the chunks.
        live.onLoop(() -> {
            if (readByThread || !incoming.isTaken()) {
                incoming.drop();
            }
        });
    }

    @Override
    public String toString() {
        return "streamed text";
    }
}
