// SPDX-License-Identifier: Apache-2.0

package io.hawser;

/** How sockets are driven. */
public enum Transport {
    /** The first of the others that works here, in their order. */
    AUTO,
    /** Linux's io_uring, where the kernel has it and allows it. */
    IO_URING,
    /** Linux's epoll. */
    EPOLL,
    /** The JDK's selector; works everywhere. */
    NIO,
    /** No sockets: connections in memory, as the testkit makes them. It comes with event loops of that kind, and cannot be chosen. */
    MEMORY
}
