// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.protocol.frame.Masking;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Unmasking one payload in place. It starts behind a small client frame's header, so at no multiple of eight. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaskingBenchmark {
    private static final int HEADER_BYTES = 6;
    private static final int KEY = 0x3A5F_9C71;

    @Param
    private Order order = Order.BIG;

    @Param({"20", "1024", "65536"})
    private int bytes;

    private ByteBuffer buffer = ByteBuffer.allocate(0);

    /** A buffer of zeroes: masking twice is none at all, and no byte takes longer than another. */
    @Setup
    public void allocate() {
        buffer = order.direct(HEADER_BYTES + bytes);
    }

    /** One payload. */
    @Benchmark
    public ByteBuffer apply() {
        Masking.apply(buffer, HEADER_BYTES, HEADER_BYTES + bytes, KEY);
        return buffer;
    }
}
