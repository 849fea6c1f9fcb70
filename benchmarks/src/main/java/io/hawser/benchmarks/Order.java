// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The byte orders that an owner of a buffer may have chosen, as a parameter that JMH can set. */
public enum Order {
    /** Java's default. */
    BIG(ByteOrder.BIG_ENDIAN),
    /** The order of the processors we run on. */
    LITTLE(ByteOrder.LITTLE_ENDIAN);

    private final ByteOrder order;

    Order(ByteOrder order) {
        this.order = order;
    }

    /** A new direct buffer, as a transport's are. */
    ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(order);
    }
}
