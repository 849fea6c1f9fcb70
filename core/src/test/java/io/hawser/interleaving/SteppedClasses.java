// SPDX-License-Identifier: Apache-2.0

package io.hawser.interleaving;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Loads Hawser's classes anew, the explored ones with {@link Steps} in their code. Used by one thread at a time. */
final class SteppedClasses extends ClassLoader {
    private static final String STEPS = "io/hawser/interleaving/Steps";
    private static final String PARK = "(Ljava/lang/Object;)V";
    private static final String QUEUE = "java/util/concurrent/ConcurrentLinkedQueue";
    /** By which the explored classes wait and begin threads; it holds no state of its own. */
    private static final String WAITS = "io.hawser.waiting.SystemSurroundings";

    private final Set<Class<?>> stepped;
    private final Map<String, Set<String>> volatileFields = new HashMap<>();

    SteppedClasses(Set<Class<?>> stepped) {
        super(SteppedClasses.class.getClassLoader());
        this.stepped = stepped;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        // What is package-private is seen within one loader only, so all come anew.
        boolean anew = name.startsWith("io.hawser.")
                && !name.startsWith("io.hawser.interleaving.")
                && !name.startsWith("io.hawser.protocol.");
        if (!anew) {
            return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = bytesOf(name.replace('.', '/'));
        if (name.equals(WAITS) || stepped.stream().anyMatch(type -> (name + "$").startsWith(type.getName() + "$"))) {
            ClassReader reader = new ClassReader(bytes);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new Stepping(writer), 0);
            bytes = writer.toByteArray();
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] bytesOf(String internalName) throws ClassNotFoundException {
        try (var in = getParent().getResourceAsStream(internalName + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(internalName);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(internalName, e);
        }
    }

    private boolean isVolatile(String owner, String field) {
        return owner.startsWith("io/hawser/")
                && volatileFields.computeIfAbsent(owner, this::volatileFieldsOf).contains(field);
    }

    private Set<String> volatileFieldsOf(String owner) {
        Set<String> found = new HashSet<>();
        try {
            new ClassReader(bytesOf(owner)).accept(new ClassVisitor(Opcodes.ASM9) {
                @Override
                public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
                    if ((access & Opcodes.ACC_VOLATILE) != 0) {
                        found.add(name);
                    }
                    return null;
                }
            }, ClassReader.SKIP_CODE);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    private final class Stepping extends ClassVisitor {
        Stepping(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            MethodVisitor next = super.visitMethod(access, name, type, signature, thrown);
            // A constructor's object is not seen by others yet.
            return name.equals("<init>") ? next : new SteppingCode(next);
        }
    }

    private final class SteppingCode extends MethodVisitor {
        SteppingCode(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        private void step() {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, "step", "()V", false);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String type) {
            if (isVolatile(owner, name)) {
                step();
            }
            super.visitFieldInsn(opcode, owner, name, type);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String type, boolean isInterface) {
            switch (owner + "." + name + type) {
                case "java/util/concurrent/locks/LockSupport.park(Ljava/lang/Object;)V" -> call("park", PARK);
                case "java/util/concurrent/locks/LockSupport.unpark(Ljava/lang/Thread;)V" -> call("unpark", type);
                case "java/lang/Thread$Builder$OfVirtual.start(Ljava/lang/Runnable;)Ljava/lang/Thread;" ->
                    call("start", "(Ljava/lang/Thread$Builder;Ljava/lang/Runnable;)Ljava/lang/Thread;");
                default -> {
                    boolean constructs = name.equals("<init>");
                    if (!constructs && (owner.startsWith("java/util/concurrent/atomic/") || owner.equals(QUEUE))) {
                        step();
                    }
                    super.visitMethodInsn(opcode, owner, name, type, isInterface);
                }
            }
        }

        private void call(String name, String type) {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, STEPS, name, type, false);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap, Object... arguments) {
            Object[] changed = arguments.clone();
            for (int i = 0; i < changed.length; i++) {
                if (changed[i] instanceof Handle handle
                        && handle.getOwner().equals("java/util/concurrent/locks/LockSupport")
                        && handle.getName().equals("unpark")) {
                    changed[i] = new Handle(Opcodes.H_INVOKESTATIC, STEPS, "unpark", handle.getDesc(), false);
                }
            }
            super.visitInvokeDynamicInsn(name, type, bootstrap, changed);
        }
    }
}
