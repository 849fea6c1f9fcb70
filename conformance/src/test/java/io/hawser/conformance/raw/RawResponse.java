// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** An HTTP response as it came. */
public final class RawResponse {
    private static final int LONGEST_HEAD = 64 << 10;
    private static final Pattern HEAD =
            Pattern.compile("(?s)HTTP/1\\.1 [1-5]\\d\\d [^\r\n]*\r\n([!-9;-~]+: [\\t -~]*\r\n)*");

    private final String head;
    private final String body;

    private RawResponse(String head, String body) {
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
        RawResponse response = new RawResponse(head.toString(), "");
        assertThat(response.head).matches(HEAD);
        List<String> lengths = response.headers("Content-Length");
        assertThat(lengths).as("lengths of %s", response).hasSize(hasBody(response.status()) ? 1 : 0);
        if (!withBody || lengths.isEmpty()) {
            return response;
        }
        byte[] body = new byte[Integer.parseInt(lengths.get(0))];
        in.readFully(body);
        return new RawResponse(response.head, new String(body, StandardCharsets.UTF_8));
    }

    private static boolean hasBody(int status) {
        return status >= 200 && status != 204 && status != 304;
    }

    public int status() {
        return Integer.parseInt(head.substring(9, 12));
    }

    /** The values of a header, one a line. */
    public List<String> headers(String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }

    public String body() {
        return body;
    }

    @Override
    public String toString() {
        return head + "\r\n" + body;
    }
}
