// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.SendCallback;
import org.jspecify.annotations.Nullable;

/** Where stages send control frames of their own. */
public interface ControlOutput {
    /** Sends a ping or pong before the next data frame. */
    void control(Frame frame, @Nullable SendCallback callback);

    /** Answers a ping; while the output is blocked only the latest answer waits. */
    void answer(byte[] payload);

    /** Sends a close frame behind the data that is queued, and nothing after it. */
    void close(CloseStatus status, SendCallback callback);
}
