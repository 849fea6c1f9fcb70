// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.frame.FrameParser;
import io.hawser.protocol.frame.MaskedFrameSink;
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

/** Parsing what one read brought, and unmasking it, without any stage behind. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameParserBenchmark {
    @Param
    private Order order = Order.BIG;

    @Param
    private Frames frames = Frames.TEXT_32_X_20;

    private final Counter counter = new Counter();
    private FrameParser parser = new FrameParser(Role.SERVER, counter, new Demand());
    private ByteBuffer in = ByteBuffer.allocate(0);

    /** Writes the frames. The parser unmasks and, the next time, masks them, which costs the same. */
    @Setup
    public void write() {
        Demand demand = new Demand();
        demand.add(Long.MAX_VALUE);
        parser = new FrameParser(Role.SERVER, counter, demand);
        in = order.direct(frames.bytes());
        frames.writeTo(in);
    }

    /** One read. */
    @Benchmark
    public long parse() {
        in.position(0);
        parser.parse(in);
        return counter.bytes;
    }

    private static final class Counter implements MaskedFrameSink {
        private long bytes;

        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {}

        @Override
        public void onPayload(ByteBuffer chunk) {
            bytes += chunk.remaining();
            chunk.position(chunk.limit());
        }

        @Override
        public void onFrameEnd() {}
    }
}
