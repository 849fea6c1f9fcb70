// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import io.hawser.protocol.handshake.HandshakeHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The head of an HTTP request, read as far as a handshake needs it; a server of HTTP has its own. */
record UpgradeHead(String method, String version, List<Map.Entry<String, String>> fields) implements HandshakeHeaders {
    /**
     * The head that the bytes begin with; their position goes behind it. Empty if it is not complete.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Optional<UpgradeHead> read(ByteBuffer bytes) {
        String text = StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return Optional.empty();
        }
        bytes.position(bytes.position() + end + 4);
        String[] lines = text.substring(0, end).split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3) {
            throw new IllegalArgumentException("the request line is not METHOD TARGET VERSION");
        }
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String line : List.of(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            if (colon < 1 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
                throw new IllegalArgumentException("a header line is not NAME: VALUE");
            }
            fields.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return Optional.of(new UpgradeHead(words[0], words[2], fields));
    }

    @Override
    public List<String> values(String name) {
        return fields.stream().filter(field -> field.getKey().equalsIgnoreCase(name)).map(Map.Entry::getValue).toList();
    }
}
