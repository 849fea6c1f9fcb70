// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A client that sends one message that is larger than any heap, and compares its echo, neither of which it keeps. */
final class Caller implements AutoCloseable {
    private static final int HANG_GUARD_MILLIS = 60_000;
    private static final int KEY = 0x12AB7FC4;
    private static final long MASK = ((long) KEY << 32) | KEY;
    private static final int MAX_HEADER_BYTES = 14;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    Caller(int port, String path) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(HANG_GUARD_MILLIS);
        out = socket.getOutputStream();
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), Pattern.BLOCK_BYTES));
        out.write(RawClient.upgrade(path));
        StringBuilder head = new StringBuilder();
        while (head.indexOf(END_OF_HEAD) < 0) {
            head.append((char) in.readUnsignedByte());
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
    }

    /** Sends a binary message of so many blocks, as one frame or a frame a block. */
    void send(long blocks, boolean inOneFrame) throws IOException {
        byte[] frame = new byte[MAX_HEADER_BYTES + Pattern.BLOCK_BYTES];
        for (long block = 0; block < blocks; block++) {
            int start = MAX_HEADER_BYTES;
            if (block == 0 || !inOneFrame) {
                boolean fin = inOneFrame || block == blocks - 1;
                int opcode = block == 0 ? RawFrame.BINARY : RawFrame.CONTINUATION;
                long length = inOneFrame ? blocks * Pattern.BLOCK_BYTES : Pattern.BLOCK_BYTES;
                ByteBuffer.wrap(frame).put((byte) ((fin ? 0x80 : 0) | opcode)).put((byte) 0xFF).putLong(length).putInt(KEY);
                start = 0;
            }
            Pattern.write(block, MASK, frame, MAX_HEADER_BYTES);
            out.write(frame, start, frame.length - start);
        }
    }

    /** Reads one binary message of so many blocks. */
    void expectEcho(long blocks) throws IOException {
        byte[] expected = new byte[Pattern.BLOCK_BYTES];
        byte[] read = new byte[Pattern.BLOCK_BYTES];
        long total = 0;
        boolean fin = false;
        while (!fin) {
            int first = in.readUnsignedByte();
            fin = (first & 0x80) != 0;
            assertThat(first & 0x7F).isEqualTo(total == 0 ? RawFrame.BINARY : RawFrame.CONTINUATION);
            for (long left = length(); left > 0; ) {
                int offset = (int) (total % Pattern.BLOCK_BYTES);
                if (offset == 0) {
                    Pattern.write(total / Pattern.BLOCK_BYTES, 0, expected, 0);
                }
                int size = (int) Math.min(left, Pattern.BLOCK_BYTES - offset);
                in.readFully(read, 0, size);
                if (!Arrays.equals(read, 0, size, expected, offset, offset + size)) {
                    throw new AssertionError("the echo differs in the " + size + " bytes from " + total + " on");
                }
                total += size;
                left -= size;
            }
        }
        assertThat(total).isEqualTo(blocks * Pattern.BLOCK_BYTES);
    }

    private long length() throws IOException {
        int length = in.readUnsignedByte();
        return switch (length) {
            case 126 -> in.readUnsignedShort();
            case 127 -> in.readLong();
            default -> length;
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
