// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What one connection's handler was called with, and what of that should not have been. */
final class Watch {
    private final Face face;
    private final int maxBytes;
    private final AtomicInteger delivered = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger closedStages = new AtomicInteger();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private volatile Closed how;
    private volatile Throwable failure;

    Watch(Face face, int maxBytes) {
        this.face = face;
        this.maxBytes = maxBytes;
    }

    void message(Message message) {
        check(message.data().remaining(), message instanceof TextMessage, message.data());
        if (face != Face.DIRECT && ends.get() > 0) {
            faults.add(message + " behind the end");
        }
    }

    void frame(Frame frame) {
        if (frame.rsv() != 0 || !frame.fin()) {
            faults.add("not consolidated, or with reserved bits: " + frame);
        }
        switch (frame.opcode()) {
            case TEXT, BINARY -> check(frame.length(), frame.opcode() == Opcode.TEXT, frame.payload());
            case CONTINUATION, CLOSE -> faults.add("never to be delivered: " + frame);
            case PING, PONG -> {}
        }
        if (ends.get() > 0) {
            faults.add(frame + " behind the end");
        }
    }

    private void check(int length, boolean text, ByteBuffer data) {
        delivered.incrementAndGet();
        if (length > maxBytes || data.remaining() != length) {
            faults.add("a message of " + length + " bytes");
        }
        try {
            if (text) {
                StandardCharsets.UTF_8.newDecoder().decode(data);
            }
        } catch (CharacterCodingException e) {
            faults.add("text that is not UTF-8");
        }
    }

    /** The face's own way to tell of the end was taken. */
    void ended(Throwable cause) {
        failure = cause;
        ends.incrementAndGet();
    }

    void closed(Closed closed) {
        how = closed;
        closedStages.incrementAndGet();
    }

    Face face() {
        return face;
    }

    /** How many data messages were delivered. */
    int delivered() {
        return delivered.get();
    }

    /** How the connection ended; null while it has not. */
    Closed how() {
        return how;
    }

    /** What the face failed with; null if it ended in order, or has not. */
    Throwable failure() {
        return failure;
    }

    /** Whether the end was told, once by each of its ways. */
    boolean isOver() {
        return ends.get() == 1 && closedStages.get() == 1;
    }

    Queue<String> faults() {
        return faults;
    }

    @Override
    public String toString() {
        return face + " connection, " + ends + " ends, " + closedStages + " closed stages, " + how;
    }
}
