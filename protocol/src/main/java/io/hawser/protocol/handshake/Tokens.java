// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tokens and comma-separated lists of HTTP header values (RFC 9110, 5.6), each read in one pass. */
final class Tokens {
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private Tokens() {}

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(Tokens::isTokenChar);
    }

    static void requireToken(String text, String what) {
        if (!isToken(text)) {
            throw new IllegalArgumentException(what + " is not a token of HTTP: " + quote(text));
        }
    }

    static void requireField(String name, String value) {
        requireToken(name, "header name");
        for (int index = 0; index < value.length(); index++) {
            char c = value.charAt(index);
            if ((c < ' ' || c > '~') && c != '\t') {
                // Without the value, which may be a token or a password.
                throw new IllegalArgumentException("header " + name + " holds a character outside printable ASCII: "
                        + String.format("\\u%04x", (int) c) + " at index " + index);
            }
        }
    }

    /** Whether the list in these values holds the token, in any case of its letters. */
    static boolean contains(List<String> values, String token) {
        return values.stream().anyMatch(value -> elements(value).stream().anyMatch(token::equalsIgnoreCase));
    }

    /** The tokens of the list in these values; empty if something else stands in it, or nothing but commas and spaces. */
    static Optional<List<String>> list(List<? extends CharSequence> values) {
        List<String> tokens = new ArrayList<>();
        values.forEach(value -> tokens.addAll(elements(value)));
        return tokens.isEmpty() || !tokens.stream().allMatch(Tokens::isToken)
                ? Optional.empty()
                : Optional.of(List.copyOf(tokens));
    }

    /** What stands between the commas of a value, without the blanks around it. */
    private static List<String> elements(CharSequence value) {
        List<String> elements = new ArrayList<>();
        int length = value.length();
        int from = 0;
        for (int index = 0; index <= length; index++) {
            if (index == length || value.charAt(index) == ',') {
                String element = trim(value.subSequence(from, index).toString());
                // RFC 9110 5.6.1: a recipient MUST parse and ignore a reasonable number of empty list elements.
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                from = index + 1;
            }
        }
        return elements;
    }

    /** Without the spaces and tabs at either end. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The text with what does not print made visible. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().limit(64).forEach(c -> {
            if (c < ' ' || c > '~') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append(text.length() > 64 ? "…\"" : "\"").toString();
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    static boolean isTokenChar(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || TOKEN_PUNCTUATION.indexOf(c) >= 0;
    }
}
