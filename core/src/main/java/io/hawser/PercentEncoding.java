// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands in targets as {@code %41}. Pure functions. */
final class PercentEncoding {
    private PercentEncoding() {}

    /** The text that was encoded, as UTF-8 (RFC 3986, 2.5); what is no escape stays, and what is no UTF-8 becomes U+FFFD. */
    static String decode(String encoded) {
        return encoded.indexOf('%') < 0 ? encoded : decoded(encoded);
    }

    private static String decoded(String encoded) {
        byte[] bytes = new byte[encoded.length() * 3]; // a character of UTF-16 is three bytes of UTF-8 at most
        int length = 0;
        int i = 0;
        while (i < encoded.length()) {
            int escaped = encoded.charAt(i) == '%' ? escapedAt(encoded, i + 1) : -1;
            if (escaped >= 0) {
                bytes[length++] = (byte) escaped;
                i += 3;
            } else {
                int end = i + Character.charCount(encoded.codePointAt(i));
                for (byte each : encoded.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    bytes[length++] = each;
                }
                i = end;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** The byte that two hexadecimal digits tell; -1 if there are none. */
    private static int escapedAt(String encoded, int start) {
        if (start + 2 > encoded.length()) {
            return -1;
        }
        int high = Character.digit(encoded.charAt(start), 16);
        int low = Character.digit(encoded.charAt(start + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** The parameters of a query or form, by name, in order (WHATWG URL, 5.1): {@code a=1&b=2&a=%203}, where a plus is a space. */
    static Map<String, List<String>> parameters(String encoded) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode((equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' '));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1).replace('+', ' '));
                byName.computeIfAbsent(name, first -> new ArrayList<>(1)).add(value);
            }
        }
        byName.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(byName);
    }
}
