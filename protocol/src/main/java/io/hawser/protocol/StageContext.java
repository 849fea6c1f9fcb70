// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import java.time.Duration;

/** What a stage of one connection can do beside passing frames on. For the connection's loop only. */
public interface StageContext {
    /**
     * Sends a frame towards the peer, through the stages that are nearer to the wire. Data takes its place behind what was sent before, so
     * it must not be sent between the fragments of a message. Of pongs that have to wait only the latest is kept (RFC 6455, 5.5.3). Dropped
     * if the connection closes.
     *
     * @throws IllegalArgumentException for a close frame, which {@link #fail} sends
     */
    void send(Frame frame);

    /**
     * Ends the connection: the peer is told by a close frame, but not waited for, and nothing more is taken from it.
     *
     * @throws IllegalArgumentException if the status is never sent (1005, 1006, 1015)
     */
    void fail(CloseStatus status);

    /**
     * Runs a task on the connection's loop after a time, unless the connection closes before. What it throws fails the connection, as if
     * the stage had thrown it.
     *
     * @param delay zero or less runs it in the next turn of the loop, never within this call; at most 292 years
     * @return cancels the task when it is run; harmless if that is too late
     * @throws ArithmeticException if the delay is longer
     */
    Runnable schedule(Duration delay, Runnable task);

    /** The present instant of the connection's monotonic clock, in nanoseconds; compare instants by their difference. */
    long nanoTime();

    /** Tells the handler of a round-trip time, in a face that has room for it. */
    void roundTrip(Duration time);
}
