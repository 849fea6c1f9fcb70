// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Request;
import io.hawser.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What the ranges of a request leave of its response (RFC 9110, 14). Pure functions, for any thread. */
final class Ranges {
    /** Each has a head of its own: more would be an attack on who answers. */
    private static final int MOST = 16;

    private Ranges() {}

    /** Whether parts of a response can be had: its body is there as a whole, and what tells it from an earlier one is, too. */
    static boolean isPossible(Response response, Instant now) {
        boolean whole = response.body() instanceof Response.Body.Bytes || response.body() instanceof Response.Body.FilePart;
        return whole && Validators.of(response, now).isPresent();
    }

    /**
     * The response itself, or 206, or 416.
     *
     * @param response a 200 to a GET of which parts can be had
     * @param now tells the century of old dates
     * @param chance for what separates several ranges
     */
    static Response apply(Request request, Response response, Instant now, Supplier<RandomGenerator> chance) {
        List<String> fields = request.headers().allValues("Range");
        if (fields.size() != 1 || !isCurrent(request, Validators.of(response, now), now)) {
            return response;
        }
        long length = response.body().length().orElseThrow();
        Optional<List<ByteRange>> wanted = ByteRange.parse(fields.get(0), length);
        if (wanted.isEmpty()) {
            return response;
        }
        List<ByteRange> ranges = wanted.get();
        if (ranges.isEmpty()) {
            // RFC 9110 15.5.17: a server SHOULD generate a Content-Range with the current length.
            return Response.text(416, "there is no such range").withHeader("Content-Range", "bytes */" + length);
        }
        // RFC 9110 14.2: a server MAY ignore a Range with more than two overlapping ranges, or many small ones.
        if (ranges.size() > MOST || ByteRange.overlap(ranges)) {
            return response;
        }
        return ranges.size() == 1
                ? single(response, ranges.get(0), length)
                : several(response, ranges, "hawser-" + Long.toHexString(chance.get().nextLong()));
    }

    /** RFC 9110 13.1.5: without a match, the Range is to be ignored. */
    private static boolean isCurrent(Request request, Validators current, Instant now) {
        Optional<String> field = request.header("If-Range").map(String::strip);
        if (field.isEmpty()) {
            return true;
        }
        String condition = field.get();
        if (condition.startsWith("\"") || condition.startsWith("W/")) {
            return current.isAmong(EntityTag.list(List.of(condition)), true);
        }
        Optional<Instant> date = HttpDate.parse(condition, now);
        return date.isPresent() && date.equals(current.lastModified());
    }

    private static Response single(Response response, ByteRange range, long length) {
        return response.withStatus(206)
                .withHeader("Content-Range", contentRange(range, length))
                .withBody(part(response.body(), range));
    }

    private static Response several(Response response, List<ByteRange> ranges, String boundary) {
        long length = response.body().length().orElseThrow();
        String type = response.header("Content-Type").map(value -> "Content-Type: " + value + "\r\n").orElse("");
        List<Response.Body> parts = new ArrayList<>();
        for (ByteRange range : ranges) {
            // RFC 9110 14.6: each body part has its own Content-Range.
            parts.add(bytes("--" + boundary + "\r\n" + type + "Content-Range: " + contentRange(range, length) + "\r\n\r\n"));
            parts.add(part(response.body(), range));
            parts.add(bytes("\r\n"));
        }
        parts.add(bytes("--" + boundary + "--\r\n"));
        // RFC 9110 15.3.7.2: a server MUST NOT generate a Content-Range in the header section of a multiple part response.
        return response.withStatus(206)
                .withoutHeader("Content-Type")
                .withHeader("Content-Type", "multipart/byteranges; boundary=" + boundary)
                .withBody(new Response.Body.Sequence(parts));
    }

    private static String contentRange(ByteRange range, long length) {
        return "bytes " + range.first() + "-" + range.last() + "/" + length;
    }

    private static Response.Body part(Response.Body whole, ByteRange range) {
        return switch (whole) {
            case Response.Body.Bytes bytes -> {
                ByteBuffer data = bytes.data();
                yield new Response.Body.Bytes(data.slice(data.position() + (int) range.first(), (int) range.length()));
            }
            case Response.Body.FilePart file ->
                new Response.Body.FilePart(file.path(), file.position() + range.first(), range.length());
            case Response.Body.Stream stream -> throw new IllegalStateException("a stream has no parts: " + stream);
            case Response.Body.Sequence sequence -> throw new IllegalStateException("a sequence has no parts: " + sequence);
        };
    }

    private static Response.Body bytes(String text) {
        return new Response.Body.Bytes(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
