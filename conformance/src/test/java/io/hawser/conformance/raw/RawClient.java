// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.tls.Encryption;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A WebSocket client over a plain socket, or over TLS where {@link Encryption} says so: sends exactly the bytes that it is given, right or wrong, and asserts that
 * every frame it reads is well-formed. One thread may send while another reads.
 */
public final class RawClient implements AutoCloseable {
    // RFC 6455 1.3: the example's key, and the accept value that belongs to it
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    /** The header lines of a right request for an upgrade. */
    private static final String[] HANDSHAKE = {
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: " + KEY,
        "Sec-WebSocket-Version: 13",
    };

    private static final Duration HANG_GUARD = Duration.ofSeconds(20);
    private static final int BUFFER_BYTES = 1 << 16;

    private final CutSocket tcp;
    /** The same, or TLS over it. */
    private final Socket socket;

    private final OutputStream out;
    private final DataInputStream in;

    private RawClient(CutSocket tcp) throws IOException {
        this.tcp = tcp;
        this.socket = Encryption.over(tcp);
        this.out = socket.getOutputStream();
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    }

    /** Connects to this host, and says nothing yet. */
    public static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** As above, with a receive buffer that the kernel doesn't grow. */
    public static RawClient connect(int port, int receiveBytes) throws IOException {
        CutSocket socket = new CutSocket();
        try {
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) HANG_GUARD.toMillis());
            return new RawClient(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects to a path on this host and shakes hands, offering no extension and no subprotocol. */
    public static RawClient open(int port, String path) throws IOException {
        RawClient client = connect(port);
        try {
            client.send(upgrade(path));
            client.expectSwitched();
            return client;
        } catch (IOException | RuntimeException | AssertionError e) {
            client.close();
            throw e;
        }
    }

    /** A right request for an upgrade, with further header lines. */
    public static byte[] upgrade(String path, String... lines) {
        String[] all = Stream.concat(Stream.of(HANDSHAKE), Stream.of(lines)).toArray(String[]::new);
        return head("GET " + path + " HTTP/1.1", all);
    }

    /** A request's head. */
    public static byte[] head(String requestLine, String... lines) {
        StringBuilder head = new StringBuilder(requestLine).append("\r\n");
        for (String line : lines) {
            head.append(line).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One run of bytes behind the other. */
    public static byte[] join(byte[]... runs) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] run : runs) {
            all.writeBytes(run);
        }
        return all.toByteArray();
    }

    /** Asserts that the next response accepts the upgrade. */
    public RawResponse expectSwitched() throws IOException {
        RawResponse response = readResponse();
        assertThat(response.status()).as("%s", response).isEqualTo(101);
        assertThat(response.headers("Upgrade")).containsExactly("websocket");
        assertThat(response.headers("Connection")).containsExactly("Upgrade");
        assertThat(response.headers("Sec-WebSocket-Accept")).containsExactly(ACCEPT);
        assertThat(response.headers("Sec-WebSocket-Extensions")).isEmpty();
        return response;
    }

    /** The next HTTP response, with its body. */
    public RawResponse readResponse() throws IOException {
        return RawResponse.read(in, true);
    }

    /** The next HTTP response, to a HEAD: whatever it says, no body follows. */
    public RawResponse readResponseHead() throws IOException {
        return RawResponse.read(in, false);
    }

    /** Sends frames in one write. */
    public void send(RawFrame... frames) throws IOException {
        send(RawFrame.join(frames));
    }

    /** Sends frames as one run of bytes, cut somehow. */
    public void send(Cut cut, RawFrame... frames) throws IOException {
        send(cut, RawFrame.join(frames));
    }

    /** Sends bytes in the writes of a cut. */
    public void send(Cut cut, byte[] bytes) throws IOException {
        tcp.cut(cut);
        out.write(bytes);
        tcp.cut(Cut.WHOLE);
    }

    /** Sends bytes in one write. */
    public void send(byte[] bytes) throws IOException {
        send(bytes, bytes.length);
    }

    /** Sends bytes in writes of a length each, the last one what is left. */
    public void send(byte[] bytes, int writeLength) throws IOException {
        for (int from = 0; from < bytes.length; from += writeLength) {
            out.write(bytes, from, Math.min(writeLength, bytes.length - from));
        }
    }

    /** The next frame; empty at an orderly end of the connection. A reset is an {@link IOException}. */
    public Optional<RawFrame> poll() throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int second = in.readUnsignedByte();
        // RFC 6455 5.1: "A server MUST NOT mask any frames that it sends to the client."
        assertThat(second & 0x80).as("masking bit").isZero();
        long length = second;
        if (length == 126) {
            length = in.readUnsignedShort();
            // RFC 6455 5.2: "the minimal number of bytes MUST be used to encode the length"
            assertThat(length).as("length in two bytes").isGreaterThan(125);
        } else if (length == 127) {
            length = in.readLong();
            assertThat(length).as("length in eight bytes").isBetween(0x1_0000L, (long) Integer.MAX_VALUE);
        }
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        RawFrame frame = new RawFrame((first & 0x80) != 0, first >> 4 & 7, first & 15, payload);
        assertThat(frame.rsv()).as("reserved bits of %s", frame).isZero();
        assertThat(frame.opcode()).as("opcode").isIn(0, 1, 2, 8, 9, 10);
        if (frame.isControl()) {
            assertThat(frame.fin()).as("control frame is final").isTrue();
            assertThat(payload.length).as("length of a control frame").isLessThanOrEqualTo(125);
        }
        return Optional.of(frame);
    }

    /** The next frame. */
    public RawFrame read() throws IOException {
        return poll().orElseThrow(() -> new EOFException("the server ended the connection without a close frame"));
    }

    /** The next message, put together from its fragments: a final frame with the message's opcode. */
    public RawFrame readMessage() throws IOException {
        return readMessage(new ArrayList<>());
    }

    /** The next message; adds the control frames that stand before it or between its fragments to a list. */
    public RawFrame readMessage(List<RawFrame> controls) throws IOException {
        RawFrame first = readData(controls);
        // RFC 6455 5.4: a message starts with its opcode and goes on with continuations
        assertThat(first.opcode()).as("opcode of a message").isIn(RawFrame.TEXT, RawFrame.BINARY);
        if (first.fin()) {
            return first;
        }
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(first.payload());
        RawFrame next = first;
        while (!next.fin()) {
            next = readData(controls);
            assertThat(next.opcode()).as("opcode inside a message").isEqualTo(RawFrame.CONTINUATION);
            payload.writeBytes(next.payload());
        }
        return new RawFrame(true, 0, first.opcode(), payload.toByteArray());
    }

    private RawFrame readData(List<RawFrame> controls) throws IOException {
        RawFrame frame = read();
        while (frame.isControl()) {
            assertThat(frame.opcode()).as("%s before the message's end", frame).isNotEqualTo(RawFrame.CLOSE);
            controls.add(frame);
            frame = read();
        }
        return frame;
    }

    /** Asserts that a frame comes back as a message of the same kind with the same payload. */
    public void expectEcho(int opcode, byte[] payload) throws IOException {
        RawFrame echo = readMessage();
        assertThat(echo.opcode()).as("opcode of the echo").isEqualTo(opcode);
        int mismatch = Arrays.mismatch(echo.payload(), payload);
        assertThat(mismatch)
                .as("first difference of an echo of %d bytes to the %d sent", echo.payload().length, payload.length)
                .isEqualTo(-1);
    }

    /** Asserts that the server sends one close frame with a code, which we answer, and then nothing but its end. */
    public void expectClosedBy(int code) throws IOException {
        RawFrame close = read();
        assertThat(close.opcode()).as("a close frame, not %s", close).isEqualTo(RawFrame.CLOSE);
        assertThat(close.closeCode()).as("close code").hasValue(code);
        send(RawFrame.close(code));
        expectEnd();
    }

    /** Closes with a code, and asserts that the same comes back once, and after it nothing but the server's end. */
    public void closeWith(int code) throws IOException {
        send(RawFrame.close(code));
        expectCloseAnswer(RawFrame.close(code));
    }

    /** Asserts that the server answers a close frame with its like, and then sends nothing but its end. */
    public void expectCloseAnswer(RawFrame sent) throws IOException {
        RawFrame answer = read();
        assertThat(answer.opcode()).as("a close frame, not %s", answer).isEqualTo(RawFrame.CLOSE);
        assertThat(answer.closeCode()).as("close code").isEqualTo(sent.closeCode());
        expectEnd();
    }

    /** Asserts that the server ends the connection without another frame. */
    public void expectEnd() throws IOException {
        // RFC 6455 5.5.1: "The application MUST NOT send any more data frames after sending a Close frame."
        assertThat(poll().map(RawFrame::toString)).as("a frame after the close frame").isEmpty();
    }

    /** Asserts that the server sends one close frame with a code, and ends TCP although we say nothing. */
    public RawFrame expectFailedWith(int code) throws IOException {
        RawFrame close = read();
        assertThat(close.opcode()).as("a close frame, not %s", close).isEqualTo(RawFrame.CLOSE);
        assertThat(close.closeCode()).as("close code of %s", close).hasValue(code);
        expectEnd();
        return close;
    }

    /** All that still comes until the server ends, a byte a character. */
    public String readRest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** As above, where a reset counts as an end, since bytes may have crossed it. */
    public String readUntilEndOrReset() throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                rest.append((char) b);
            }
        } catch (SocketException reset) {
            return rest.toString();
        }
        return rest.toString();
    }

    /** Ends our output, and keeps on reading. */
    public void endOutput() throws IOException {
        Encryption.endOutput(tcp, socket);
    }

    /** Lets the connection end in a reset. */
    public void reset() throws IOException {
        tcp.setSoLinger(true, 0);
        tcp.close();
    }

    @Override
    public void close() throws IOException {
        tcp.close(); // the JDK's TLS would wait for an answer
    }
}
