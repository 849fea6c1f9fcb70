// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.stage.ControlSink;

/** The end of the control frames' way: pings and pongs become events of the engine. */
record ControlEvents(EngineSink sink) implements ControlSink {
    @Override
    public void onPing(byte[] payload) {
        sink.onPing(payload);
    }

    @Override
    public void onPong(byte[] payload) {
        sink.onPong(payload);
    }

    @Override
    public void onClose(byte[] payload) {
        throw new AssertionError("the close handshake passes no close frame on");
    }
}
