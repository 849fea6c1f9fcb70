// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.tls.Encryption;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * One end, a client's or a server's, of a connection that has agreed on permessage-deflate, by compressors of its own that it keeps from
 * message to message. What it sends refers back by up to 32 KiB. One thread may send while another reads.
 */
public final class DeflateEnd implements AutoCloseable {
    private static final Duration HANG_GUARD = Duration.ofSeconds(30);
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 1.3
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final Socket tcp;
    private final DataInputStream in;
    private final OutputStream out;
    private final boolean isClient;
    private final String response;
    private final boolean noContextOut;
    private final boolean noContextIn;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);
    private long wireBytes;

    private DeflateEnd(Socket tcp, Socket over, DataInputStream in, boolean isClient, String response) throws IOException {
        this.tcp = tcp;
        this.in = in;
        this.out = over.getOutputStream();
        this.isClient = isClient;
        this.response = response;
        this.noContextOut = response.contains(isClient ? "client_no_context_takeover" : "server_no_context_takeover");
        this.noContextIn = response.contains(isClient ? "server_no_context_takeover" : "client_no_context_takeover");
    }

    /** Connects to a path on this host and offers what is named. */
    public static DeflateEnd connect(int port, String path, String offer) throws IOException {
        Socket tcp = new Socket();
        tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        tcp.setTcpNoDelay(true);
        tcp.setSoTimeout((int) HANG_GUARD.toMillis());
        Socket over = Encryption.over(tcp);
        over.getOutputStream().write(RawClient.upgrade(path, "Sec-WebSocket-Extensions: " + offer));
        DataInputStream in = new DataInputStream(new BufferedInputStream(over.getInputStream(), 1 << 16));
        RawResponse answer = RawResponse.read(in, true);
        assertThat(answer.status()).as("%s", answer).isEqualTo(101);
        return new DeflateEnd(tcp, over, in, true, String.join(", ", answer.headers("Sec-WebSocket-Extensions")));
    }

    /** Accepts the next connection, and answers its upgrade by what is named, whatever it offers. */
    public static DeflateEnd accept(ServerSocket listening, String response) throws IOException {
        Socket tcp = listening.accept();
        tcp.setTcpNoDelay(true);
        tcp.setSoTimeout((int) HANG_GUARD.toMillis());
        Socket over = Encryption.accepted(tcp);
        DataInputStream in = new DataInputStream(new BufferedInputStream(over.getInputStream(), 1 << 16));
        String key = "";
        StringBuilder line = new StringBuilder();
        do {
            line.setLength(0);
            for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
                line.append((char) b);
            }
            if (line.toString().startsWith("Sec-WebSocket-Key: ") || line.toString().startsWith("sec-websocket-key: ")) {
                key = line.substring(19).strip();
            }
        } while (!line.toString().isBlank());
        over.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + acceptOf(key) + "\r\nSec-WebSocket-Extensions: " + response + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        return new DeflateEnd(tcp, over, in, false, response);
    }

    private static String acceptOf(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The extension as the response names it; empty if it doesn't. */
    public String response() {
        return response;
    }

    /** Payload that came in data frames, as it was on the wire. */
    public long wireBytes() {
        return wireBytes;
    }

    /** Sends a message compressed, in fragments of a length each, the last one what is left; in one if that is 0. */
    public void send(int opcode, byte[] message, int fragment) throws IOException {
        byte[] compressed = deflate(message);
        int step = fragment == 0 ? Math.max(1, compressed.length) : fragment;
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int from = 0; from < compressed.length; from += step) {
            boolean fin = from + step >= compressed.length;
            RawFrame frame = new RawFrame(
                    fin,
                    from == 0 ? 4 : 0,
                    from == 0 ? opcode : RawFrame.CONTINUATION,
                    Arrays.copyOfRange(compressed, from, Math.min(from + step, compressed.length)));
            frames.writeBytes(bytes(frame));
        }
        out.write(frames.toByteArray());
    }

    /** A message as it is compressed next. */
    public byte[] deflate(byte[] message) {
        if (noContextOut) {
            deflater.reset();
        }
        deflater.setInput(message);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 16];
        for (int n = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
                n > 0;
                n = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH)) {
            compressed.write(piece, 0, n);
        }
        byte[] all = compressed.toByteArray();
        // RFC 7692 7.2.1: without the tail; of nothing, an empty block
        return message.length == 0 ? new byte[1] : Arrays.copyOf(all, all.length - TAIL.length);
    }

    /** Sends frames as they are. */
    public void send(RawFrame... frames) throws IOException {
        for (RawFrame frame : frames) {
            out.write(bytes(frame));
        }
    }

    /** Sends bytes as they are. */
    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** A frame as this end sends it. */
    public byte[] bytes(RawFrame frame) {
        return isClient ? frame.masked() : frame.unmasked();
    }

    /** The next message, inflated, or a control frame that stands in front of it. */
    public RawFrame read() throws IOException {
        RawFrame first = readFrame();
        if (first.isControl()) {
            return first;
        }
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(first.payload());
        for (RawFrame frame = first; !frame.fin(); payload.writeBytes(frame.payload())) {
            frame = readFrame();
            assertThat(frame.opcode()).as("%s", frame).isEqualTo(RawFrame.CONTINUATION);
            assertThat(frame.rsv()).as("RFC 7692 6.1: RSV1 of %s", frame).isZero();
        }
        wireBytes += payload.size();
        assertThat(first.rsv()).isIn(0, 4);
        byte[] message = first.rsv() == 0 ? payload.toByteArray() : inflate(payload);
        return new RawFrame(true, 0, first.opcode(), message);
    }

    private byte[] inflate(ByteArrayOutputStream payload) throws IOException {
        if (noContextIn) {
            inflater.reset();
        }
        payload.writeBytes(TAIL);
        inflater.setInput(payload.toByteArray());
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 16];
        try {
            for (int n = inflater.inflate(piece); n > 0; n = inflater.inflate(piece)) {
                message.write(piece, 0, n);
            }
        } catch (DataFormatException e) {
            throw new AssertionError("what came does not inflate", e);
        }
        assertThat(inflater.getRemaining()).as("bytes that are left when a message has been inflated").isZero();
        return message.toByteArray();
    }

    private RawFrame readFrame() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        assertThat((second & 0x80) != 0).as("whether it is masked").isEqualTo(!isClient);
        long length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] key = new byte[4];
        if (!isClient) {
            in.readFully(key);
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= key[i & 3];
        }
        return new RawFrame((first & 0x80) != 0, first >> 4 & 7, first & 15, payload);
    }

    /** Asserts that a message comes back. */
    public void expectEcho(int opcode, byte[] message) throws IOException {
        RawFrame echo = read();
        assertThat(echo.opcode()).as("opcode of %s", echo).isEqualTo(opcode);
        assertThat(Arrays.mismatch(echo.payload(), message)).as("first difference of %s", echo).isEqualTo(-1);
    }

    /** Asserts that the other end closes with a code, and answers it. */
    public void expectClose(int code) throws IOException {
        RawFrame close = read();
        assertThat(close.opcode()).as("%s", close).isEqualTo(RawFrame.CLOSE);
        assertThat(close.closeCode()).as("%s", close).hasValue(code);
        send(RawFrame.close(code));
    }

    /** Closes with a code and asserts that it is answered. */
    public void closeWith(int code) throws IOException {
        send(RawFrame.close(code));
        RawFrame close = read();
        assertThat(close.closeCode()).as("%s", close).hasValue(code);
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        deflater.end();
        inflater.end();
    }
}
