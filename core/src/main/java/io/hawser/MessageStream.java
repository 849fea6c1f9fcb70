// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.concurrent.Flow;

/**
 * The incoming messages of a connection as a stream, for one subscriber. Its demand is the back-pressure: without any, reading from the
 * socket stops as soon as data has come, while pings and closes are still answered.
 *
 * <p>Signals come on the connection's event loop. The stream completes on a normal end (1000, 1001, no code, or our own close) and fails with
 * {@link WebSocketClosedException} otherwise. A subscriber that cancels drops the messages that follow; the connection stays open.
 */
public interface MessageStream extends Connection, Flow.Publisher<Message> {
    /**
     * An output that says nothing and never ends, for a handler that only receives: it subscribes to its input and returns this. The
     * connection stays open until the peer, or {@link #closeAsync}, closes it.
     */
    default Flow.Publisher<Message> receiveOnly() {
        return new Never<>();
    }
}
