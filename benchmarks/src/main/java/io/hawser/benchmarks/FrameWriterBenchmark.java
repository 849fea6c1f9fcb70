// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.FrameWriter;
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

/** Writing one header, of each of the three forms that a length has. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameWriterBenchmark {
    @Param
    private Order order = Order.BIG;

    @Param({"20", "1024", "65536"})
    private int length;

    private ByteBuffer out = ByteBuffer.allocate(0);

    /** Room for the longest header. */
    @Setup
    public void allocate() {
        out = order.direct(FrameWriter.headerBytes(Long.MAX_VALUE, true));
    }

    /** A server's. */
    @Benchmark
    public ByteBuffer header() {
        out.clear();
        FrameWriter.header(out, Opcode.BINARY, true, 0, length);
        return out;
    }

    /** A client's. */
    @Benchmark
    public ByteBuffer maskedHeader() {
        out.clear();
        FrameWriter.maskedHeader(out, Opcode.BINARY, true, 0, length, 0x3A5F_9C71);
        return out;
    }
}
