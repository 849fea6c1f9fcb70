// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import static io.hawser.protocol.testing.Wire.BINARY;
import static io.hawser.protocol.testing.Wire.CLOSE;
import static io.hawser.protocol.testing.Wire.CONTINUATION;
import static io.hawser.protocol.testing.Wire.PING;
import static io.hawser.protocol.testing.Wire.PONG;
import static io.hawser.protocol.testing.Wire.TEXT;

import io.hawser.protocol.Role;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * RFC 6455, read naively: all bytes of one direction are there before the first is looked at. It tells what a receiver
 * has to tell its application, in the words of {@link EngineProbe}, and shares no code with the engine.
 */
public final class ReferenceDecoder {
    private static final Set<Integer> OPCODES = Set.of(CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG);
    private static final Set<Integer> UNSENT = Set.of(1004, 1005, 1006);

    private final boolean masked;
    private final boolean joinFragments;
    private final long maxFrame;
    private final long maxMessage;
    private final long maxFragments;

    private final List<String> told = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private byte[] bytes = {};
    private int index;

    private boolean inMessage;
    private int messageOpcode;
    private int fragments;
    private byte[] message = {};

    /** A reference for what {@code receiver} reads; one more fragment is allowed for every 64 bytes. */
    public ReferenceDecoder(Role receiver, boolean joinFragments, long maxFrame, long maxMessage, long maxFragments) {
        this.masked = receiver == Role.SERVER;
        this.joinFragments = joinFragments;
        this.maxFrame = maxFrame;
        this.maxMessage = maxMessage;
        this.maxFragments = maxFragments;
    }

    /** What the application is told, the end of the connection last. */
    public List<String> told() {
        return told;
    }

    /** The pongs and the close that answer. */
    public List<String> answers() {
        return answers;
    }

    /** Reads the whole stream, after which the connection ends. */
    public ReferenceDecoder decode(byte[] stream) {
        bytes = stream;
        try {
            while (index < bytes.length) {
                if (!frame()) {
                    told.add(EngineProbe.closed(1006, false, false));
                    return this;
                }
            }
            told.add(EngineProbe.closed(1006, false, false));
        } catch (Closed closed) {
            told.add(closed.told);
            answers.add("close " + closed.answer);
        }
        return this;
    }

    /** Returns false if the stream ends inside the frame. */
    private boolean frame() {
        if (bytes.length - index < 2) {
            return false;
        }
        boolean fin = bytes[index] < 0;
        int rsv = (bytes[index] & 0x70) / 16;
        int opcode = bytes[index] & 15;
        boolean hasMask = bytes[index + 1] < 0;
        int shortLength = bytes[index + 1] & 127;
        int lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
        int header = 2 + lengthBytes + (hasMask ? 4 : 0);
        if (bytes.length - index < header) {
            return false;
        }
        BigInteger length = lengthBytes == 0
                ? BigInteger.valueOf(shortLength)
                : new BigInteger(1, Arrays.copyOfRange(bytes, index + 2, index + 2 + lengthBytes));
        boolean shortest = lengthBytes == 0
                || lengthBytes == 2 && length.intValue() > 125
                || lengthBytes == 8 && length.bitLength() > 16 && length.bitLength() < 64;
        boolean control = opcode >= 8;
        boolean wrong = rsv != 0
                || !OPCODES.contains(opcode)
                || hasMask != masked
                || !shortest
                || control && (!fin || length.intValue() > 125 || lengthBytes > 0)
                || opcode == CONTINUATION && !inMessage
                || (opcode == TEXT || opcode == BINARY) && inMessage;
        if (wrong) {
            throw new Closed(1002);
        }
        byte[] key = hasMask ? Arrays.copyOfRange(bytes, index + header - 4, index + header) : new byte[4];
        index += header;
        if (!control) {
            begin(opcode, length);
        }
        int available = BigInteger.valueOf(bytes.length - index).min(length).intValue();
        byte[] payload = Arrays.copyOfRange(bytes, index, index + available);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= key[i % 4];
        }
        index += available;
        boolean complete = length.equals(BigInteger.valueOf(available));
        if (control) {
            return complete && control(opcode, payload);
        }
        data(opcode, fin, payload, complete);
        return complete;
    }

    private void begin(int opcode, BigInteger length) {
        if (opcode != CONTINUATION) {
            message = new byte[0];
            fragments = 0;
            messageOpcode = opcode;
            inMessage = true;
        }
        BigInteger whole = length.add(BigInteger.valueOf(message.length));
        if (length.compareTo(BigInteger.valueOf(maxFrame)) > 0 || whole.compareTo(BigInteger.valueOf(maxMessage)) > 0) {
            throw new Closed(1009);
        }
        fragments++;
        if (fragments > maxFragments + message.length / 64) {
            throw new Closed(1008);
        }
    }

    private void data(int opcode, boolean fin, byte[] payload, boolean complete) {
        message = Wire.join(message, payload);
        if (messageOpcode == TEXT) {
            boolean ends = fin && complete;
            if (!ReferenceUtf8.isText(message, !ends)) {
                throw new Closed(1007);
            }
        }
        if (!complete) {
            return;
        }
        inMessage = !fin;
        if (!joinFragments) {
            told.add(EngineProbe.data(opcode, fin, payload));
        } else if (fin) {
            told.add(EngineProbe.data(messageOpcode, true, message));
        }
    }

    private boolean control(int opcode, byte[] payload) {
        if (opcode == PING) {
            told.add("ping " + Hex.hex(payload));
            answers.add("pong " + Hex.hex(payload));
            return true;
        }
        if (opcode == PONG) {
            told.add("pong " + Hex.hex(payload));
            return true;
        }
        if (payload.length == 0) {
            throw new Closed(EngineProbe.closed(1005, false, true), "");
        }
        int code = payload.length == 1 ? 0 : (payload[0] & 255) * 256 + (payload[1] & 255);
        boolean legal = code >= 1000 && code <= 1014 && !UNSENT.contains(code) || code >= 3000 && code <= 4999;
        if (!legal) {
            throw new Closed(1002);
        }
        if (!ReferenceUtf8.isText(Arrays.copyOfRange(payload, 2, payload.length), false)) {
            throw new Closed(1007);
        }
        throw new Closed(EngineProbe.closed(code, false, true), Integer.toString(code));
    }

    /** The end of the connection, by the peer's close or its fault. */
    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String told;
        private final String answer;

        Closed(int fault) {
            this(EngineProbe.closed(fault, true, false), Integer.toString(fault));
        }

        Closed(String told, String answer) {
            super(told, null, false, false);
            this.told = told;
            this.answer = answer;
        }
    }
}
