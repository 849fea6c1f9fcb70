// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the sources, classes and committed lists of the modules lie. */
public final class Checkout {
    private Checkout() {}

    /** The folder that holds the launcher and all modules. */
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("hawser")) && Files.isDirectory(folder.resolve("protocol"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not inside a checkout: " + Path.of("").toAbsolutePath());
    }

    static Path classes(String module) {
        return root().resolve(module).resolve("target/classes");
    }

    /** What its compiled module-info says; empty while the module has none. */
    static Optional<ModuleDescriptor> descriptor(String module) {
        Path file = classes(module).resolve("module-info.class");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var bytes = Files.newInputStream(file)) {
            return Optional.of(ModuleDescriptor.read(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Packages that anybody may use, sorted. */
    static List<String> exportedPackages(String module) {
        return descriptor(module).stream()
                .flatMap(descriptor -> descriptor.exports().stream())
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .toList();
    }

    /** Public top-level types in exported packages, sorted. */
    static List<Class<?>> exportedTypes(String module) {
        return exportedPackages(module).stream()
                .flatMap(name -> files(classes(module).resolve(name.replace('.', '/')), 1, ".class")
                        .map(file -> load(name, file)))
                .filter(type -> java.lang.reflect.Modifier.isPublic(type.getModifiers()))
                .<Class<?>>map(type -> type)
                .toList();
    }

    /** Files below a folder, sorted; none if the folder doesn't exist. */
    static Stream<Path> files(Path folder, int depth, String suffix) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> found = Files.walk(folder, depth)) {
            return found.filter(file -> file.toString().endsWith(suffix)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String packageName, Path file) {
        String name = packageName + "." + file.getFileName().toString().replace(".class", "");
        try {
            Class<?> type = Class.forName(name, false, Checkout.class.getClassLoader());
            return type.isMemberClass() || type.isSynthetic() ? Hidden.class : type;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("compiled but not on the class path: " + name, e);
        }
    }

    private static final class Hidden {}
}
