// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

/** Sees what passes one end of a connection; on the loop. What it is given it must not change. */
public interface Tap {
    /** Nobody looks. */
    Tap NONE = new Tap() {
        @Override
        public void sent(byte[] bytes) {}

        @Override
        public void received(byte[] bytes) {}
    };

    /** The transport has taken these bytes. */
    void sent(byte[] bytes);

    /** These bytes came. */
    void received(byte[] bytes);

    /**
     * The output or the input has ended.
     *
     * @param sent whether it is the output
     */
    default void ended(boolean sent) {}

    /**
     * The connection broke.
     *
     * @param sent whether this end has broken it
     */
    default void reset(boolean sent) {}
}
