// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Role;
import io.hawser.protocol.testing.ScriptedOutbound;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineSinkTest {
    @Test
    void needsToKnowOnlyOfTheEnd() {
        List<String> told = new ArrayList<>();
        EngineSink sink = (status, local, clean, violation) -> told.add(status.toString());
        Delivery delivery = new Delivery.Messages((opcode, fin, payload) -> told.add(opcode.toString()));
        ProtocolEngine engine = new ProtocolEngine(
                Role.SERVER, EngineSettings.DEFAULT, delivery, sink, new ScriptedOutbound(), () -> 0, 0, null);
        engine.receive(
                ByteBuffer.wrap(Wire.join(
                        Wire.to(Role.SERVER, Wire.FIN | Wire.PING, "p"),
                        Wire.to(Role.SERVER, Wire.FIN | Wire.PONG, "q"),
                        Wire.to(Role.SERVER, Wire.FIN | Wire.CONTINUATION, ""))),
                0);
        assertThat(told).containsExactly("1002 a continuation without a message to continue");
    }
}
