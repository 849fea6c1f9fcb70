// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.protocol.Opcode;

/** Messages out of payloads that the engine has assembled and checked. */
final class Messages {
    private Messages() {}

    static Message of(Opcode opcode, byte[] payload) {
        return opcode == Opcode.TEXT ? TextMessage.ofValidUtf8(payload) : BinaryMessage.wrap(payload);
    }
}
