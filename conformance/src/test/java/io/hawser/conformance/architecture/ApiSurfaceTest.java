// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public API is what the committed api.txt says, so that no change of it goes unseen. */
class ApiSurfaceTest {
    @ParameterizedTest
    @ValueSource(strings = {"protocol", "core", "netty", "testkit"})
    void isTheCommittedOne(String module) throws IOException {
        Path committed = Checkout.root().resolve(module).resolve("api.txt");
        String actual = render(module);
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(committed, actual);
        }
        assertThat(committed).as("run with -Dapi.update=true to write it").exists();
        assertThat(actual.lines())
                .as("API of %s; if the change is wanted, run with -Dapi.update=true and commit api.txt", module)
                .containsExactlyElementsOf(Files.readAllLines(committed));
    }

    private static String render(String module) {
        List<String> lines = new ArrayList<>();
        Checkout.descriptor(module).ifPresent(descriptor -> renderModule(descriptor, lines));
        for (Class<?> type : Checkout.exportedTypes(module)) {
            renderType(type, lines);
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static void renderModule(ModuleDescriptor descriptor, List<String> lines) {
        lines.add("module " + descriptor.name());
        descriptor.requires().stream()
                .filter(required -> required.modifiers().contains(ModuleDescriptor.Requires.Modifier.TRANSITIVE))
                .map(required -> "    requires transitive " + required.name())
                .sorted()
                .forEach(lines::add);
        descriptor.exports().stream()
                .filter(export -> !export.isQualified())
                .map(export -> "    exports " + export.source())
                .sorted()
                .forEach(lines::add);
        descriptor.uses().stream().map(service -> "    uses " + service).sorted().forEach(lines::add);
    }

    private static void renderType(Class<?> type, List<String> lines) {
        lines.add("");
        lines.add(deprecation(type.isAnnotationPresent(Deprecated.class)) + type.toGenericString() + supertypes(type));
        Collection<String> members = new TreeSet<>();
        Arrays.stream(type.getDeclaredFields()).filter(ApiSurfaceTest::isVisible)
                .forEach(field -> members.add(render(field)));
        Stream.<Executable>concat(Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                .filter(ApiSurfaceTest::isVisible)
                .forEach(executable -> members.add(render(executable)));
        members.forEach(member -> lines.add("    " + member));
        Arrays.stream(type.getDeclaredClasses())
                .filter(nested -> isVisible(nested.getModifiers()))
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .forEach(nested -> renderType(nested, lines));
    }

    private static String supertypes(Class<?> type) {
        var text = new StringBuilder();
        Type parent = type.getGenericSuperclass();
        if (parent != null && parent != Object.class) {
            text.append(" extends ").append(parent.getTypeName());
        }
        if (type.getGenericInterfaces().length > 0) {
            text.append(type.isInterface() ? " extends " : " implements ").append(names(type.getGenericInterfaces()));
        }
        if (type.isSealed()) {
            text.append(" permits ").append(Arrays.stream(type.getPermittedSubclasses())
                    .map(permitted -> isVisible(permitted.getModifiers()) ? permitted.getName() : "…")
                    .distinct()
                    .collect(Collectors.joining(", ")));
        }
        return text.toString();
    }

    private static String render(Field field) {
        return deprecation(field.isAnnotationPresent(Deprecated.class))
                + (field.isEnumConstant() ? "enum constant " + field.getName() : field.toGenericString());
    }

    private static String render(Executable executable) {
        String owner = executable.getDeclaringClass().getName();
        return deprecation(executable.isAnnotationPresent(Deprecated.class))
                + executable.toGenericString().replace(owner + "." + executable.getName() + "(", executable.getName() + "(");
    }

    private static String deprecation(boolean deprecated) {
        return deprecated ? "@Deprecated " : "";
    }

    private static String names(Type[] types) {
        return Arrays.stream(types).map(Type::getTypeName).collect(Collectors.joining(", "));
    }

    private static boolean isVisible(Member member) {
        return !member.isSynthetic() && isVisible(member.getModifiers());
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }
}
