// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads and writes the list of extensions in {@code Sec-WebSocket-Extensions} (RFC 6455, 9.1), in one pass over its characters. */
final class ExtensionList {
    private final CharSequence text;
    private int index;

    private ExtensionList(CharSequence text) {
        this.text = text;
    }

    /** The extensions in these values, in order; empty if the grammar is broken or a value lists none. */
    static Optional<List<Extension>> parse(List<? extends CharSequence> values) {
        List<Extension> extensions = new ArrayList<>();
        for (CharSequence value : values) {
            int before = extensions.size();
            if (!new ExtensionList(value).readInto(extensions) || extensions.size() == before) {
                return Optional.empty();
            }
        }
        return Optional.of(List.copyOf(extensions));
    }

    /** The extensions as they stand in a header. */
    static String format(List<Extension> extensions) {
        return extensions.stream().map(Extension::toString).collect(Collectors.joining(", "));
    }

    private boolean readInto(List<Extension> extensions) {
        do {
            skipBlanks();
            if (index < text.length() && text.charAt(index) != ',') {
                Optional<Extension> extension = readExtension();
                if (extension.isEmpty()) {
                    return false;
                }
                extensions.add(extension.get());
            }
        } while (skip(','));
        return index == text.length();
    }

    private Optional<Extension> readExtension() {
        String name = readToken();
        List<Extension.Parameter> parameters = new ArrayList<>();
        while (!name.isEmpty() && skip(';')) {
            skipBlanks();
            String parameter = readToken();
            String value = "";
            if (skip('=')) {
                skipBlanks();
                value = readValue();
                if (value.isEmpty()) {
                    return Optional.empty();
                }
            }
            if (parameter.isEmpty()) {
                return Optional.empty();
            }
            parameters.add(new Extension.Parameter(parameter, value));
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(new Extension(name, parameters));
    }

    private String readToken() {
        int start = index;
        while (index < text.length() && Tokens.isTokenChar(text.charAt(index))) {
            index++;
        }
        String token = text.subSequence(start, index).toString();
        skipBlanks();
        return token;
    }

    /** A token, or a quoted string whose content is one (RFC 6455, 9.1); empty if it is neither. */
    private String readValue() {
        if (index == text.length() || text.charAt(index) != '"') {
            return readToken();
        }
        index++;
        StringBuilder content = new StringBuilder();
        while (index < text.length() && text.charAt(index) != '"') {
            if (text.charAt(index) == '\\') {
                index++;
            }
            if (index < text.length()) {
                content.append(text.charAt(index++));
            }
        }
        boolean closed = index < text.length();
        index++;
        skipBlanks();
        return closed && Tokens.isToken(content.toString()) ? content.toString() : "";
    }

    private boolean skip(char wanted) {
        boolean found = index < text.length() && text.charAt(index) == wanted;
        if (found) {
            index++;
        }
        return found;
    }

    private void skipBlanks() {
        while (index < text.length() && Tokens.isBlank(text.charAt(index))) {
            index++;
        }
    }
}
