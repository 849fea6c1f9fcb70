// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileResponseTest {
    @TempDir
    private Path folder;

    private Path file(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37.5Z")));
        return file;
    }

    @Test
    void tellsWhatIsKnownOfAFile() throws Exception {
        Path file = file("page.html", "<p>");
        Response response = Response.file(file);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(response.header("Last-Modified")).contains("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(response.header("Accept-Ranges")).contains("bytes");
        assertThat(response.header("ETag").orElseThrow()).matches("\"[0-9a-f]+-3\"");
        assertThat(response.body()).isEqualTo(new Response.Body.FilePart(file, 0, 3));
        assertThat(response).hasToString("200 text/html, 3 bytes");
    }

    @Test
    void changesTheTagWithTheFile() throws Exception {
        Path file = file("a.txt", "one");
        String before = Response.file(file).header("ETag").orElseThrow();
        assertThat(Response.file(file).header("ETag")).contains(before);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37.6Z")));
        String later = Response.file(file).header("ETag").orElseThrow();
        assertThat(later).isNotEqualTo(before);
        assertThat(Response.file(file("a.txt", "longer")).header("ETag")).isPresent().get().isNotIn(before, later);
    }

    /** RFC 9110 8.8.2.1. */
    @Test
    void tellsNoTimeThatIsYetToCome() throws Exception {
        Path file = file("a.txt", "one");
        Instant later = Instant.now().plusSeconds(100_000);
        Files.setLastModifiedTime(file, FileTime.from(later));
        String told = Response.file(file).header("Last-Modified").orElseThrow();
        assertThat(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(told))).isBefore(later);
    }

    @ParameterizedTest
    @CsvSource({
        "app.JS, text/javascript; charset=utf-8",
        "a.min.css, text/css; charset=utf-8",
        "logo.svg, image/svg+xml",
        "data.json, application/json",
        "font.woff2, font/woff2",
        "README, application/octet-stream",
        "core.1234, application/octet-stream",
        "png, image/png"
    })
    void tellsTheTypeByTheName(String name, String type) throws Exception {
        assertThat(Response.file(file(name, "")).header("Content-Type")).contains(type);
    }

    @Test
    void takesAnotherStatusAndMoreHeaders() throws Exception {
        Response response = Response.file(file("404.html", "none"))
                .withStatus(404)
                .withoutHeader("content-type")
                .withHeader("Content-Type", "text/plain")
                .withHeader("Cache-Control", "no-cache");
        assertThat(response).hasToString("404 text/plain, 4 bytes");
        assertThat(response.header("cache-control")).contains("no-cache");
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Response.file(folder.resolve("none")))
                .withMessageContaining("none")
                .withCauseInstanceOf(NoSuchFileException.class);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Response.file(folder))
                .withMessageContaining("not a file")
                .withCauseInstanceOf(FileSystemException.class);
    }
}
