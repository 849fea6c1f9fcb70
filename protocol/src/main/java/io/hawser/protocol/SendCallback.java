// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

/** Told once what became of a send. */
@FunctionalInterface
public interface SendCallback {
    /**
     * The send is done. Called on the thread that drives the engine.
     *
     * @param accepted true when the transport has accepted the last byte, false if the connection ended before that
     */
    void onDone(boolean accepted);
}
