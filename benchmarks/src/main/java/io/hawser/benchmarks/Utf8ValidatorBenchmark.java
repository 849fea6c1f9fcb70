// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.protocol.message.Utf8Validator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Checking one text that came in one piece. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Utf8ValidatorBenchmark {
    /** What is written, by the length of its code points. */
    public enum Script {
        /** One byte each. */
        ASCII("The quick brown fox jumps over a lazy dog. "),
        /** Two bytes each, and spaces. */
        CYRILLIC("Съешь ещё этих мягких французских булок "),
        /** Three bytes each. */
        CJK("視野無限廣窗外有藍天微風迎客軟語伴茶");

        private final String sample;

        Script(String sample) {
            this.sample = sample;
        }

        /** So many bytes, or up to two more, as no code point is cut off. */
        byte[] text(int bytes) {
            StringBuilder text = new StringBuilder();
            for (int size = 0, i = 0; size < bytes; i++) {
                String next = sample.substring(i % sample.length(), i % sample.length() + 1);
                text.append(next);
                size += next.getBytes(StandardCharsets.UTF_8).length;
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    @Param
    private Script script = Script.ASCII;

    @Param
    private Order order = Order.BIG;

    @Param({"20", "1024", "65536"})
    private int bytes;

    private final Utf8Validator validator = new Utf8Validator();
    private ByteBuffer text = ByteBuffer.allocate(0);

    /** Writes the text. */
    @Setup
    public void write() {
        byte[] encoded = script.text(bytes);
        text = order.direct(encoded.length).put(encoded).flip();
    }

    /** One text. */
    @Benchmark
    public int check() {
        validator.reset();
        return validator.check(text, 0, text.limit());
    }
}
