// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import static io.hawser.WebSocketHandler.frames;

import io.hawser.FrameChannel;
import io.hawser.FrameHandler;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.protocol.Frame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Hawser's client talking to an echo, and what it costs: processor time a message of this process, and of the server's beside it. On Linux,
 * with the server on another processor.
 */
public final class ClientLoad {
    private static final int ROUNDS = 5;
    private static final int WARM_UP_SECONDS = 8;
    /** Of the times in /proc: USER_HZ, which is 100 on all Linux. */
    private static final long MICROS_A_TICK = 10_000;

    /** Messages that came back, counted on the one loop and read elsewhere. */
    private static final LongAdder ECHOES = new LongAdder();

    private ClientLoad() {}

    /**
     * Runs it.
     *
     * @param arguments the URI, the server's process, connections, bytes of a message, messages in flight on each connection, seconds of each of
     *     the five rounds
     */
    public static void main(String[] arguments) throws Exception {
        URI uri = URI.create(arguments[0]);
        Path server = Path.of("/proc", arguments[1], "stat");
        int connections = Integer.parseInt(arguments[2]);
        Frame message = Frame.binary(new byte[Integer.parseInt(arguments[3])]);
        int depth = Integer.parseInt(arguments[4]);
        int seconds = Integer.parseInt(arguments[5]);
        WebSocketHandler echoing = frames(channel -> new Echoing(channel, message, depth));
        try (HawserClient client = HawserClient.create(o -> o.loops(1))) {
            CompletableFuture<?>[] opened = new CompletableFuture<?>[connections];
            for (int i = 0; i < connections; i++) {
                opened[i] = client.connectAsync(uri, echoing, o -> o);
            }
            CompletableFuture.allOf(opened).get(30, TimeUnit.SECONDS);
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            for (int round = 0; round < ROUNDS; round++) {
                long echoesBefore = ECHOES.sum();
                long clientBefore = clientMicros();
                long serverBefore = serverMicros(server);
                TimeUnit.SECONDS.sleep(seconds);
                double messages = ECHOES.sum() - echoesBefore;
                double ofClient = (clientMicros() - clientBefore) / messages;
                double ofServer = (serverMicros(server) - serverBefore) / messages;
                System.out.printf(
                        Locale.ROOT,
                        "%.0f messages/s, processor time a message: client %.3f us, server %.3f us, ratio %.2f%n",
                        messages / seconds,
                        ofClient,
                        ofServer,
                        ofClient / ofServer);
            }
        }
    }

    private static long clientMicros() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return TimeUnit.NANOSECONDS.toMicros(system.getProcessCpuTime());
    }

    /** User and system time, the 14th and 15th field, behind a name that may hold spaces. */
    private static long serverMicros(Path stat) throws IOException {
        String all = Files.readString(stat);
        String[] fields = all.substring(all.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_A_TICK;
    }

    /** Keeps so many messages in flight on one connection. */
    private record Echoing(FrameChannel channel, Frame message, int depth) implements FrameHandler {
        Echoing {
            for (int i = 0; i < depth; i++) {
                channel.send(message);
            }
        }

        @Override
        public void onFrame(Frame frame) {
            if (!frame.opcode().isControl()) {
                ECHOES.increment();
                channel.send(message);
            }
        }
    }
}
