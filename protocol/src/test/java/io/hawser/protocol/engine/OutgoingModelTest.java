// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What leaves over a transport that stalls at random is what was sent, data and pings each in order. */
class OutgoingModelTest {
    private final SplittableRandom random = new SplittableRandom(3);
    private final List<String> data = new ArrayList<>();
    private final List<String> pings = new ArrayList<>();
    private final List<Integer> accepted = new ArrayList<>();
    private int sends;
    private int accepts;

    @Test
    void leavesAsItWasSent() {
        for (int run = 0; run < 400; run++) {
            Role role = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
            EngineProbe probe = EngineProbe.open(role);
            run(probe);
            assertThat(whole(probe.sent(), "PING")).isEqualTo(pings);
            assertThat(joined(role, probe.outbound.bytes())).isEqualTo(data);
            assertThat(accepted).isSorted().hasSize(sends);
        }
    }

    private void run(EngineProbe probe) {
        List.of(data, pings, accepted).forEach(List::clear);
        sends = 0;
        accepts = 0;
        for (int i = 0; i < 40; i++) {
            step(probe);
            assertThat(probe.engine.waitingBytes()).isNotNegative();
        }
        probe.outbound.takes(Integer.MAX_VALUE);
        probe.engine.onAccepted(accepts, probe.now());
        probe.acceptAll();
        assertThat(probe.engine.waitingBytes()).isZero();
    }

    private void step(EngineProbe probe) {
        switch (random.nextInt(5)) {
            case 0 -> probe.outbound.takes(random.nextInt(4));
            case 1 -> {
                accepts = random.nextInt(accepts, probe.outbound.size() + 1);
                probe.engine.onAccepted(accepts, probe.now());
            }
            case 2 -> {
                byte[] payload = bytes(4);
                pings.add(EngineProbe.data(Wire.PING, true, payload));
                probe.engine.send(Frame.ping(payload), null);
            }
            default -> {
                int size = switch (random.nextInt(8)) {
                    case 0 -> OutgoingFrames.PIECE_BYTES + random.nextInt(2);
                    case 1 -> random.nextInt(200_000);
                    default -> random.nextInt(300);
                };
                byte[] payload = bytes(size);
                data.add(EngineProbe.data(Wire.BINARY, true, payload));
                int number = sends++;
                probe.engine.send(Opcode.BINARY, ByteBuffer.wrap(payload), done -> {
                    assertThat(done).isTrue();
                    accepted.add(number);
                });
            }
        }
    }

    private static List<String> whole(List<String> frames, String opcode) {
        return frames.stream().filter(frame -> frame.startsWith(opcode)).toList();
    }

    /** The data messages as the peer reads them. */
    private static List<String> joined(Role sender, byte[] bytes) {
        Role receiver = sender == Role.SERVER ? Role.CLIENT : Role.SERVER;
        EngineProbe peer = EngineProbe.open(receiver);
        peer.receive(bytes);
        return whole(peer.told(), "BINARY");
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
