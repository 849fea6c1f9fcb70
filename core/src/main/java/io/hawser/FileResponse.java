// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.waiting.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The response that a file is. */
final class FileResponse {
    /** RFC 9110 5.6.7. */
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private FileResponse() {}

    static Response of(Path path) {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            if (!file.isRegularFile()) {
                throw new FileSystemException(path.toString(), null, "not a file that can be sent");
            }
            if (!Files.isReadable(path)) {
                throw new AccessDeniedException(path.toString());
            }
            return of(path, file);
        } catch (IOException e) {
            throw new UncheckedIOException("no response can be made of " + path + ": " + e, e);
        }
    }

    private static Response of(Path path, BasicFileAttributes file) {
        Instant changed = file.lastModifiedTime().toInstant();
        Instant now = Surroundings.current().instant();
        // RFC 9110 8.8.2.1: an origin server MUST NOT generate a Last-Modified date that is later than the server's time.
        Instant told = changed.isAfter(now) ? now : changed;
        Path name = path.getFileName();
        return Response.of(200)
                .withBody(new Response.Body.FilePart(path, 0, file.size()))
                .withHeader("Content-Type", MediaTypes.of(name == null ? "" : name.toString()))
                .withHeader("Last-Modified", IMF_FIXDATE.format(told))
                .withHeader("ETag", entityTag(file))
                .withHeader("Accept-Ranges", "bytes");
    }

    static Response of(String name, byte[] content) {
        return Response.of(200, content)
                .withHeader("Content-Type", MediaTypes.of(name))
                .withHeader("ETag", "\"" + digest(content) + "\"")
                .withHeader("Accept-Ranges", "bytes");
    }

    private static String digest(byte[] content) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Strong, as file systems tell the time more finely than files are changed. */
    private static String entityTag(BasicFileAttributes file) {
        return "\"" + Long.toHexString(file.lastModifiedTime().to(TimeUnit.NANOSECONDS)) + "-" + Long.toHexString(file.size()) + "\"";
    }
}
