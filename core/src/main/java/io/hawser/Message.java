// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.nio.ByteBuffer;

/** A WebSocket message. Immutable, and the receiver's to keep: nothing has to be released. */
public sealed interface Message permits TextMessage, BinaryMessage {
    /**
     * The text of this message.
     *
     * @throws UnexpectedMessageException if it is binary; if that leaves a handler, the connection closes with 1003
     */
    String text();

    /** The payload as a read-only view; of a text its UTF-8. */
    ByteBuffer data();

    /** The payload's length in bytes; of a text in UTF-8. */
    int length();
}
