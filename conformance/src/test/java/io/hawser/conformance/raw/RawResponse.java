// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** An HTTP response as it came, and well-formed: whoever reads it has asserted that. */
public final class RawResponse {
    private static final int LONGEST_HEAD = 64 << 10;
    private static final Pattern HEAD =
            Pattern.compile("(?s)HTTP/1\\.1 [1-5]\\d\\d [^\r\n]*\r\n([!-9;-~]+: [\\t -~]*\r\n)*");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,8}");

    private final String head;
    private final byte[] body;

    private RawResponse(String head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    static RawResponse read(DataInputStream in, boolean withBody) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            head.append((char) in.readUnsignedByte());
            if (head.length() >= LONGEST_HEAD) { // asked at each byte, so by nothing that costs more
                throw new AssertionError("a head of more than " + LONGEST_HEAD + " bytes: " + head);
            }
        }
        head.setLength(head.length() - 2);
        RawResponse response = new RawResponse(head.toString(), new byte[0]);
        assertThat(response.head).matches(HEAD);
        return response.checkFraming(withBody) ? new RawResponse(response.head, response.readBody(in)) : response;
    }

    /** Asserts that the head tells in one way how long the body is; whether one follows. */
    private boolean checkFraming(boolean asked) {
        List<String> lengths = headers("Content-Length");
        List<String> codings = headers("Transfer-Encoding");
        assertThat(codings).as("codings of %s", this).isIn(List.of(), List.of("chunked"));
        // RFC 9112 6.2: "A sender MUST NOT send a Content-Length header field in any message that contains a Transfer-Encoding header field."
        assertThat(lengths.size() + codings.size()).as("lengths and codings of %s", this).isLessThanOrEqualTo(1);
        if (status() < 200 || status() == 204) {
            // RFC 9112 6.1 and RFC 9110 8.6: "A server MUST NOT send" either with 1xx and 204
            assertThat(lengths.size() + codings.size()).as("lengths and codings of %s", this).isZero();
        }
        if (!asked || status() < 200 || status() == 204 || status() == 304) {
            return false;
        }
        if (lengths.isEmpty() && codings.isEmpty()) {
            assertThat(headers("Connection")).as("how %s ends", this).containsExactly("close");
        }
        return true;
    }

    private byte[] readBody(DataInputStream in) throws IOException {
        List<String> lengths = headers("Content-Length");
        if (!lengths.isEmpty()) {
            byte[] whole = new byte[Integer.parseInt(lengths.get(0))];
            in.readFully(whole);
            return whole;
        }
        return headers("Transfer-Encoding").isEmpty() ? in.readAllBytes() : readChunks(in);
    }

    private static byte[] readChunks(DataInputStream in) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int size;
        do {
            String line = readLine(in);
            assertThat(line).as("a chunk's size").matches(CHUNK_SIZE);
            size = Integer.parseInt(line, 16);
            byte[] chunk = new byte[size];
            in.readFully(chunk);
            whole.writeBytes(chunk);
            assertThat(readLine(in)).as("what is behind a chunk of %d bytes", size).isEmpty();
        } while (size > 0);
        return whole.toByteArray();
    }

    private static String readLine(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n", line.length() - 2) < 0) {
            assertThat(line.length()).as("length of '%s'", line).isLessThan(LONGEST_HEAD);
            line.append((char) in.readUnsignedByte());
        }
        return line.substring(0, line.length() - 2);
    }

    public int status() {
        return Integer.parseInt(head.substring(9, 12));
    }

    /** The status line and the header lines. */
    public String head() {
        return head;
    }

    /** The values of a header, one a line. */
    public List<String> headers(String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }

    /** The body as text. */
    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body, without what chunks add. */
    public byte[] bytes() {
        return body.clone();
    }

    @Override
    public String toString() {
        return head + "\r\n" + body();
    }
}
