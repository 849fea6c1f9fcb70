// SPDX-License-Identifier: Apache-2.0

package io.hawser.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Locale;

/** A client's socket, byte by byte. */
final class RawSocket implements AutoCloseable {
    /** A right request for a WebSocket at "/chat". */
    static final String UPGRADE = """
            GET /chat HTTP/1.1\r
            Host: 127.0.0.1\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r
            """;

    private static final int HANG_GUARD_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    RawSocket(int port) throws IOException {
        this(port, 0);
    }

    /** With a receive buffer of this many bytes; 0 for the system's. */
    RawSocket(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(HANG_GUARD_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
    }

    static String get(String target, String... lines) {
        return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + (lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n") + "\r\n";
    }

    /** A masked text frame of up to 125 bytes, a character a byte; the key is zero, so that it can be read. */
    static String text(String payload) {
        return "\u0081" + (char) (0x80 | payload.length()) + "\0\0\0\0" + payload;
    }

    /** Sends in one write, a character a byte. */
    RawSocket send(String... parts) throws IOException {
        socket.getOutputStream().write(String.join("", parts).getBytes(ISO_8859_1));
        return this;
    }

    /** The next response's head. */
    String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** The next response: status, a colon, and the body. */
    String readResponse() throws IOException {
        String head = readHead();
        int length = head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return head.substring(9, 12) + ": " + new String(in.readNBytes(length), UTF_8);
    }

    /** The next frame: its opcode, a colon, and the payload; of a close frame its code instead. */
    String readFrame() throws IOException {
        int opcode = in.readUnsignedByte() & 0xF;
        byte[] payload = in.readNBytes(readLength());
        return opcode + ": " + (opcode == 8 ? ByteBuffer.wrap(payload).getShort() : new String(payload, UTF_8));
    }

    private int readLength() throws IOException {
        int length = in.readUnsignedByte();
        return length < 126 ? length : length == 126 ? in.readUnsignedShort() : (int) in.readLong();
    }

    /** All that still comes. */
    String readRest() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    RawSocket endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
