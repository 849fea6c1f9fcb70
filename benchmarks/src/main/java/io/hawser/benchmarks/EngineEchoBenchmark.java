// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.Delivery;
import io.hawser.protocol.engine.EngineSettings;
import io.hawser.protocol.engine.EngineSink;
import io.hawser.protocol.engine.Outbound;
import io.hawser.protocol.engine.ProtocolEngine;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A server's whole engine, with all its stages, that echoes the messages of one read into one buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EngineEchoBenchmark implements EngineSink, Outbound {
    @Param
    private Order order = Order.BIG;

    @Param
    private Frames frames = Frames.TEXT_32_X_20;

    private @Nullable ProtocolEngine engine;
    private ByteBuffer template = ByteBuffer.allocate(0);
    private ByteBuffer in = template;
    private ByteBuffer out = template;
    private long written;
    private long nowNanos;

    /** Writes the frames, and opens the connection. */
    @Setup
    public void open() {
        template = order.direct(frames.bytes());
        frames.writeTo(template);
        in = order.direct(frames.bytes());
        out = order.direct(frames.bytes());
        ProtocolEngine echo = new ProtocolEngine(
                Role.SERVER,
                EngineSettings.DEFAULT,
                new Delivery.Messages((opcode, fin, payload) -> send(opcode, payload)),
                this,
                this,
                () -> 0,
                nowNanos,
                null);
        echo.request(Long.MAX_VALUE);
        engine = echo;
    }

    private void send(Opcode opcode, byte[] payload) {
        Objects.requireNonNull(engine).send(opcode, ByteBuffer.wrap(payload), null);
    }

    /** One read: the payload is unmasked where it lies, so the buffer is filled again each time. */
    @Benchmark
    public ByteBuffer echo() {
        ProtocolEngine echo = Objects.requireNonNull(engine);
        in.clear().put(0, template, 0, in.capacity());
        out.clear();
        echo.receive(in, ++nowNanos);
        written += out.position();
        echo.onAccepted(written, nowNanos);
        return out;
    }

    /** The refill, to be taken off. */
    @Benchmark
    public ByteBuffer refillOnly() {
        return in.clear().put(0, template, 0, in.capacity());
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        return out;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void end() {}

    @Override
    public void cut() {}

    @Override
    public void onClosed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation violation) {
        throw new IllegalStateException("closed: " + status, violation);
    }
}
