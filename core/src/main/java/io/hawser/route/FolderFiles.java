// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files in a folder on disk.
 *
 * @param root may be a link, which is followed anew each time
 */
record FolderFiles(Path root) implements StaticFiles.Store {
    FolderFiles {
        if (!Files.isDirectory(root)) {
            throw new IllegalArgumentException("no folder: " + root.toAbsolutePath() + "; make it before the routes that serve it");
        }
        root = root.toAbsolutePath();
    }

    @Override
    public Optional<Response> open(List<String> names) throws IOException {
        try {
            Path file = root;
            for (String name : names) {
                file = file.resolve(name);
            }
            Path real = file.toRealPath();
            // A link may lead anywhere; the file that is served is the one that was looked at.
            return real.startsWith(root.toRealPath()) && Files.isRegularFile(real) ? Optional.of(Response.file(real)) : Optional.empty();
        } catch (InvalidPathException | FileSystemException e) { // no such file, or not for us: that makes no difference to the client
            return Optional.empty();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof FileSystemException) { // gone meanwhile, or not readable
                return Optional.empty();
            }
            throw e;
        }
    }
}
