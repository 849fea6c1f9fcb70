// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class ReadBuffersTest {
    @BeforeEach
    @AfterEach
    void forgetTheBuffersOfThisThread() {
        FastThreadLocal.removeAll();
    }

    @Test
    void givesTheSameBufferAgainThatNobodyHoldsOnTo() {
        ByteBuf first = ReadBuffers.take();
        assertThat(first.capacity()).isEqualTo(ReadBuffers.BYTES);
        first.writeInt(7).release();
        ByteBuf again = ReadBuffers.take();
        assertThat(again).isSameAs(first);
        assertThat(again.isReadable()).isFalse();
        again.release();
    }

    @Test
    void givesAnotherWhileOneIsHeldAndKeepsFew() {
        List<ByteBuf> taken = new ArrayList<>();
        Set<ByteBuf> different = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < ReadBuffers.A_LOOP + 2; i++) {
            taken.add(ReadBuffers.take());
        }
        different.addAll(taken);
        assertThat(different).hasSize(ReadBuffers.A_LOOP + 2);
        taken.forEach(ByteBuf::release);
        assertThat(taken.stream().filter(buffer -> buffer.refCnt() == 1)).hasSize(ReadBuffers.A_LOOP);
    }

    @Test
    void releasesItsBuffersWithTheLoop() {
        ByteBuf buffer = ReadBuffers.take();
        buffer.release();
        FastThreadLocal.removeAll();
        assertThat(buffer.refCnt()).isZero();
    }
}
