// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Monitors are not used: waiting inside one pins a virtual thread's carrier on JDK 21 to 23. JFR doesn't show it on later
 * ones, so this reads the byte code.
 */
class MonitorTest {
    @Test
    void noCodeIsSynchronized() throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : List.of("protocol", "core", "netty", "testkit", "cli")) {
            for (Path file : Checkout.files(Checkout.classes(module), Integer.MAX_VALUE, ".class").toList()) {
                found.addAll(monitorsIn(Files.readAllBytes(file)));
            }
        }
        assertThat(found).as("use a ReentrantLock instead of synchronized").isEmpty();
    }

    @Test
    void findsBothForms() throws IOException {
        try (var bytes = MonitorTest.class.getResourceAsStream("MonitorTest$Sample.class")) {
            assertThat(monitorsIn(bytes.readAllBytes())).extracting(found -> found.replaceAll(".*\\.", ""))
                    .containsExactlyInAnyOrder("method", "block");
        }
    }

    private static List<String> monitorsIn(byte[] classFile) {
        List<String> found = new ArrayList<>();
        var reader = new ClassReader(classFile);
        String owner = reader.getClassName().replace('/', '.');
        reader.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
                String method = owner + "." + name;
                if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
                    found.add(method);
                }
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitInsn(int opcode) {
                        if (opcode == Opcodes.MONITORENTER) {
                            found.add(method);
                        }
                    }
                };
            }
        }, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return found;
    }

    @SuppressWarnings("unused") // read, not run
    private static final class Sample {
        private int count;

        synchronized void method() {
            count++;
        }

        void block() {
            synchronized (this) {
                count++;
            }
        }

        void neither() {
            count++;
        }
    }
}
