// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files beside a class, in a jar or wherever it was loaded from.
 *
 * @param besides whose resources they are
 * @param folder a name as {@link Class#getResource} takes it, without a slash at its end
 */
record ResourceFiles(Class<?> besides, String folder) implements StaticFiles.Store {
    ResourceFiles {
        boolean harmless = List.of((folder.startsWith("/") ? folder.substring(1) : folder).split("/", -1)).stream()
                .allMatch(name -> StaticFiles.isHarmless(name, false));
        if (!harmless) {
            throw new IllegalArgumentException("no folder of resources: \"" + folder + "\"; name it as in web/public, without a slash at its end");
        }
    }

    @Override
    public Optional<Response> open(List<String> names) throws IOException {
        String name = folder + "/" + String.join("/", names);
        URL found = besides.getResource(name);
        if (found == null || isFolder(found)) { // which would open as a list of its names, or as nothing
            return Optional.empty();
        }
        try (InputStream in = besides.getResourceAsStream(name)) {
            return in == null ? Optional.empty() : Optional.of(Response.file(names.getLast(), in.readAllBytes()));
        }
    }

    private static boolean isFolder(URL resource) throws IOException {
        if (resource.openConnection() instanceof JarURLConnection jar) {
            return jar.getJarEntry() != null && jar.getJarEntry().isDirectory();
        }
        return resource.getProtocol().equals("file") && Files.isDirectory(Path.of(URI.create(resource.toString())));
    }
}
