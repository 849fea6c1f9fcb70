// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

/** One end of a connection, as the link that leads to it sees it; called on the loop. */
public interface End {
    /** Whether it takes anything still; what comes later is answered by a reset. */
    boolean isOpen();

    /** These bytes came, in one read; handed over. Those that it has taken it tells by {@link Link#consumed}. */
    void onBytes(byte[] bytes);

    /** The other side has ended its output. */
    void onEnd();

    /** The other side has reset the connection. */
    void onReset();

    /** The link may take more of what this end sends. */
    void onRoom();
}
