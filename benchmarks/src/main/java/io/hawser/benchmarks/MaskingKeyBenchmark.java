// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a masking key costs: from a strong source one at a time, many at a time as the client does it, and from a weak one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaskingKeyBenchmark {
    @Param({"1", "64"})
    private int keysAtATime;

    private final SecureRandom random = new SecureRandom();
    private ByteBuffer keys = ByteBuffer.allocate(0);

    /** From a {@link SecureRandom}. */
    @Benchmark
    public int strong() {
        if (!keys.hasRemaining()) {
            if (keys.capacity() == 0) {
                keys = ByteBuffer.allocate(keysAtATime * Integer.BYTES);
            }
            random.nextBytes(keys.array());
            keys.clear();
        }
        return keys.getInt();
    }

    /** What must not be used, for comparison. */
    @Benchmark
    public int weak() {
        return ThreadLocalRandom.current().nextInt();
    }
}
