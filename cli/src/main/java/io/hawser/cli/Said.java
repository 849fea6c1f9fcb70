// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hawser.protocol.CloseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What somebody says in a room of the {@link Chat}, within its limits, which are in characters of Unicode. */
record Said(String name, String text) {
    static final String NO_NAME = "(no name)";
    static final int MAX_NAME = 40;
    static final int MAX_TEXT = 2_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads and writes JSON once: the first time takes long, which an event loop should not. */
    static void warmUp() {
        read(new Said(NO_NAME, "").toJson(Instant.EPOCH));
    }

    /** What a client of {@code chat.v1} says: a text, as it came. */
    static Said unnamed(String text) throws RefusedException {
        return new Said(NO_NAME, text).checked();
    }

    /** What a client of {@code chat.v2} says, read strictly: both fields, both strings, and nothing else. */
    static Said ofJson(String json) throws RefusedException {
        JsonNode message = read(json);
        if (!message.isObject() || message.size() != 2 || !message.path("name").isTextual() || !message.path("text").isTextual()) {
            throw new RefusedException(CloseStatus.INVALID_DATA, "a message must be {\"name\": \"…\", \"text\": \"…\"} and nothing else");
        }
        return new Said(message.get("name").textValue(), message.get("text").textValue()).checked();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    private Said checked() throws RefusedException {
        if (name.isBlank() || characters(name) > MAX_NAME) {
            throw new RefusedException(CloseStatus.POLICY_VIOLATION, "a name has 1 to %d characters, and is not blank".formatted(MAX_NAME));
        }
        if (characters(text) > MAX_TEXT) {
            throw new RefusedException(CloseStatus.TOO_BIG, "a text has up to %d characters, not %d".formatted(MAX_TEXT, characters(text)));
        }
        if (!isUnicode(name) || !isUnicode(text)) {
            throw new RefusedException(CloseStatus.INVALID_DATA, "an unpaired surrogate is no text");
        }
        return this;
    }

    /** JSON can write half of a pair of surrogates, which UTF-8 cannot. */
    private static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    /** What clients of {@code chat.v2} hear. */
    String toJson(Instant time) {
        return JSON.createObjectNode()
                .put("name", name)
                .put("text", text)
                .put("time", time.toString())
                .toString();
    }

    /** A client sent what cannot be said. It is told why, and leaves. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient CloseStatus status;

        RefusedException(int code, String reason) {
            super(reason, null, false, false);
            this.status = CloseStatus.of(code, reason);
        }

        CloseStatus status() {
            return status;
        }
    }
}
