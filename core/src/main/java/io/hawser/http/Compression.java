// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Responses by gzip (RFC 9110, 8.4.1.3), for who takes that. Pure functions, for any thread. */
final class Compression {
    /** Less would hardly become shorter. */
    private static final long LEAST_BYTES = 1 << 10;
    /** Up to here it takes a loop no longer than a millisecond or two. */
    private static final long AT_ONCE_BYTES = 64 << 10;

    private static final List<String> TEXTS = List.of(
            "application/json", "application/javascript", "application/x-javascript", "application/xml", "application/graphql",
            "application/x-ndjson");

    private static final Pattern WEIGHT = Pattern.compile("[qQ]=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)");

    private Compression() {}

    /** Whether a response is worth it, for whoever asks. */
    static boolean isPossible(Response response) {
        return response.body().length().orElse(LEAST_BYTES) >= LEAST_BYTES
                && !(response.body() instanceof Response.Body.Sequence)
                && Delivery.mayHaveBody(response.status())
                && response.status() != 206
                && response.header("Content-Type").filter(Compression::isText).isPresent()
                && response.header("Content-Encoding").isEmpty()
                && !isLeftAlone(response);
    }

    private static boolean isText(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.startsWith("text/") || type.endsWith("+json") || type.endsWith("+xml") || TEXTS.contains(type);
    }

    /** RFC 9111 5.2.2.6: no-transform. */
    private static boolean isLeftAlone(Response response) {
        return response.headers().allValues("Cache-Control").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("no-transform"));
    }

    /** RFC 9110 12.5.5: what differs by a field of the request says so. */
    static Response varying(Response response) {
        boolean said = response.headers().allValues("Vary").stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .anyMatch(name -> name.equals("*") || name.equalsIgnoreCase("Accept-Encoding"));
        return said ? response : response.withHeader("Vary", "Accept-Encoding");
    }

    /** Whether a client takes it, and would not rather have it as it is (RFC 9110, 12.5.3). */
    static boolean isWanted(Request request) {
        double gzip = -1;
        double others = 0;
        double identity = 0;
        for (String value : request.headers().allValues("Accept-Encoding")) {
            for (String element : value.split(",", -1)) {
                String[] parts = element.split(";", 2);
                double weight = parts.length == 1 ? 1 : weight(parts[1]);
                switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
                    // RFC 9110 8.4.1.3: a recipient SHOULD consider "x-gzip" to be equivalent to "gzip".
                    case "gzip", "x-gzip" -> gzip = Math.max(gzip, weight);
                    case "*" -> others = weight;
                    case "identity" -> identity = weight;
                    default -> {}
                }
            }
        }
        double weight = gzip < 0 ? others : gzip;
        return weight > 0 && weight >= identity;
    }

    /** RFC 9110 12.4.2; what is none counts as zero. */
    private static double weight(String parameter) {
        Matcher matcher = WEIGHT.matcher(parameter.strip());
        return matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    /** The response by gzip, but for its body. */
    static Response described(Response response) {
        Response described = response.withoutHeader("Accept-Ranges").withHeader("Content-Encoding", "gzip");
        Optional<String> tag = response.header("ETag").filter(field -> !field.startsWith("W/"));
        // RFC 9110 8.8.3.3: content codings are a property of the representation, so a strong tag of another one must not be this one's.
        return tag.isPresent() ? described.withoutHeader("ETag").withHeader("ETag", "W/" + tag.get()) : described;
    }

    /**
     * The body by gzip.
     *
     * @param surroundings where threads start
     */
    static Response.Body compressed(Response.Body body, Surroundings surroundings) {
        return switch (body) {
            case Response.Body.Bytes bytes ->
                bytes.data().remaining() <= AT_ONCE_BYTES
                        ? new Response.Body.Bytes(Gzip.compress(bytes.data()))
                        : stream(new GzipChunks(BodyChunks.of(bytes, surroundings), body.length(), false));
            case Response.Body.FilePart file -> stream(new GzipChunks(BodyChunks.of(file, surroundings), body.length(), false));
            // Flushed, as it may be long until more comes.
            case Response.Body.Stream stream -> stream(new GzipChunks(stream.chunks(), stream.length(), true));
            case Response.Body.Sequence sequence -> sequence;
        };
    }

    /** Stands for a body by gzip where none is sent: its length is not known. */
    static Response.Body unknown() {
        return stream(new GzipChunks(subscriber -> {}, OptionalLong.empty(), false));
    }

    private static Response.Body stream(GzipChunks chunks) {
        return new Response.Body.Stream(chunks, OptionalLong.empty());
    }
}
