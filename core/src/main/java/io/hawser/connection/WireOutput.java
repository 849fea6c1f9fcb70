// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.protocol.engine.Outbound;
import java.nio.ByteBuffer;

/** From an engine to its wire. */
record WireOutput(Wire wire, long lingerNanos) implements Outbound {
    @Override
    public ByteBuffer reserve(int bytes) {
        return wire.reserve(bytes);
    }

    @Override
    public boolean isWritable() {
        return wire.isWritable();
    }

    @Override
    public void end() {
        wire.end(lingerNanos);
    }

    @Override
    public void cut() {
        wire.cut();
    }
}
