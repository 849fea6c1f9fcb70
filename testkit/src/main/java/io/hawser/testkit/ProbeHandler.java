// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Message;
import io.hawser.MessageStream;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;

/** The handler of a probe's connection: its two ends, and the pings and pongs that come. */
final class ProbeHandler {
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final ArrayDeque<Frame> pings = new ArrayDeque<>();
    private final ArrayDeque<Frame> pongs = new ArrayDeque<>();

    ProbeHandler(Scene scene, boolean byHand) {
        this.incoming = new Incoming(scene, byHand);
        this.outgoing = new Outgoing(scene);
    }

    WebSocketHandler handler() {
        return WebSocketHandler.streams(this::open);
    }

    private Flow.Publisher<Message> open(MessageStream in) {
        in.onControl(frame -> controls(frame.opcode()).add(frame));
        in.subscribe(incoming.subscriber());
        return outgoing.publisher();
    }

    Incoming incoming() {
        return incoming;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    /** Those that came and were not taken: pings, or pongs. */
    ArrayDeque<Frame> controls(Opcode opcode) {
        return opcode == Opcode.PING ? pings : pongs;
    }
}
