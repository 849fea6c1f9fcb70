// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

/** Answers each ping with a pong of the same payload (RFC 6455, 5.5.3), then lets it pass. */
public final class AutoPong implements ControlSink {
    private final ControlOutput output;
    private final ControlSink next;

    /**
     * Answers to pings.
     *
     * @param output where the pongs go
     * @param next takes every control frame, answered pings too
     */
    public AutoPong(ControlOutput output, ControlSink next) {
        this.output = output;
        this.next = next;
    }

    @Override
    public void onPing(byte[] payload) {
        // A copy, since the payload is handed over to the application while the answer may have to wait.
        output.answer(payload.clone());
        next.onPing(payload);
    }

    @Override
    public void onPong(byte[] payload) {
        next.onPong(payload);
    }

    @Override
    public void onClose(byte[] payload) {
        next.onClose(payload);
    }
}
