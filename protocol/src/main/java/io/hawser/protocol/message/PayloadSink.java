// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.message;

import io.hawser.protocol.Opcode;

/** Takes what an assembler has put together. */
@FunctionalInterface
public interface PayloadSink {
    /** A payload is complete, which is handed over. */
    void onData(Opcode opcode, boolean fin, byte[] payload);
}
