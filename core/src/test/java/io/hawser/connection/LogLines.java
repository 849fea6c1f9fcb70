// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the log has said since this was made; the logger of the tests writes to a file. */
public final class LogLines {
    private static final Path FILE = Path.of("target", "test.log");

    private final long start;

    /** Reads from here on. */
    public LogLines() {
        try {
            start = Files.exists(FILE) ? Files.size(FILE) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines so far that hold all of these. */
    public List<String> with(String... parts) {
        return said().lines()
                .filter(line -> List.of(parts).stream().allMatch(line::contains))
                .toList();
    }

    private String said() {
        try (RandomAccessFile file = new RandomAccessFile(FILE.toFile(), "r")) {
            byte[] bytes = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
