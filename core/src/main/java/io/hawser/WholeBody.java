// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.waiting.Awaited;
import io.hawser.waiting.Surrounded;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The body of a request as one thing. */
final class WholeBody {
    private static final int BAD_REQUEST = 400;
    private static final int CONTENT_TOO_LARGE = 413;
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;

    /** As many as a long has at least. */
    private static final int MAX_DIGITS = 18;

    private WholeBody() {}

    static CompletionStage<byte[]> collect(Request.Source source, long maxBytes) {
        ChunkCollector.requireArray(maxBytes);
        if (announcedBytes(source) > maxBytes) {
            return CompletableFuture.failedStage(tooLarge(maxBytes)); // there is no need to wait for as much as that
        }
        return ChunkCollector.collect(source.body(), ChunkCollector::bytesOf, () -> {}, maxBytes, ChunkCollector.LONGEST)
                .exceptionallyCompose(failure -> {
                    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
                    return CompletableFuture.failedStage(
                            cause instanceof MessageTooLargeException ? tooLarge(maxBytes) : cause);
                });
    }

    /** What the request's head says of its length; 0 if it says nothing that is a number. */
    private static long announcedBytes(Request.Source source) {
        for (String length : source.values("Content-Length")) {
            if (!length.isEmpty() && length.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return length.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(length);
            }
        }
        return 0;
    }

    private static HttpStatusException tooLarge(long maxBytes) {
        return new HttpStatusException(CONTENT_TOO_LARGE, "the body is larger than " + maxBytes + " bytes");
    }

    static byte[] await(Request.Source source, CompletionStage<byte[]> whole) {
        return Awaited.result(
                whole,
                Surrounded.surroundingsOf(source.body()),
                () -> new WaitInterruptedException("interrupted while waiting for a request's body"));
    }

    /** What a body says, in its charset. */
    static String text(Request.Source source, byte[] bytes) {
        Charset charset = charset(source);
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new HttpStatusException(BAD_REQUEST, "the body is not " + charset, e);
        }
    }

    private static Charset charset(Request.Source source) {
        for (String type : source.values("Content-Type")) {
            for (String parameter : type.split(";", -1)) {
                String[] pair = parameter.strip().split("=", 2);
                if (pair.length == 2 && pair[0].toLowerCase(Locale.ROOT).equals("charset")) {
                    return named(pair[1].replace("\"", "").strip());
                }
            }
        }
        return StandardCharsets.UTF_8;
    }

    private static Charset named(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) { // of a name that none can have as well
            throw new HttpStatusException(UNSUPPORTED_MEDIA_TYPE, "the body's charset is not known here", e);
        }
    }
}
