// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.RandomStream;
import io.hawser.protocol.testing.SentFrames;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens to an engine in whatever order, also inside its own callbacks, it keeps its promises. */
@Tag("F14")
@Tag("hostile-42")
class EventSequenceTest {
    private static final int RUNS = 40_000;
    private static final List<Pieces> PIECES = List.of(Pieces.values());
    private static final EngineSettings SHORT = EngineSettings.DEFAULT
            .withStallTimeouts(Duration.ofSeconds(8), Duration.ofSeconds(9))
            .withKeepAlive(Duration.ofSeconds(5), Duration.ofSeconds(6));

    @Test
    void keepsItsPromisesInEveryOrderOfEvents() {
        for (long seed = 0; seed < RUNS; seed++) {
            Run run = new Run(seed);
            try {
                run.go();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " after " + run.log, e);
            }
        }
    }

    private static final class Run {
        private final SplittableRandom random;
        private final Role role;
        private final EngineProbe probe;
        private final byte[] stream;
        private final List<String> log = new ArrayList<>();
        private final List<Integer> acceptedData = new ArrayList<>();
        private final boolean reenters;
        private int index;
        private long accepted;
        private int sends;
        private int sendsDone;
        private int closes;
        private boolean inputEnded;
        private boolean gone;
        private int depth;

        Run(long seed) {
            random = new SplittableRandom(seed);
            role = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
            EngineSettings settings = random.nextBoolean() ? SHORT : EngineSettings.DEFAULT;
            probe = new EngineProbe(role, settings, PIECES.get(random.nextInt(PIECES.size())));
            stream = RandomStream.to(role, random);
            reenters = random.nextBoolean();
            probe.onTold(this::told);
            if (random.nextBoolean()) {
                probe.requestAll();
            }
        }

        void go() {
            int steps = random.nextInt(5, 40);
            for (int i = 0; i < steps; i++) {
                step();
                check();
            }
            log.add("the end");
            gone = true;
            probe.engine.transportClosed("the end", probe.now());
            check();
            require(closes == 1, "closed " + closes + " times");
            require(sendsDone == sends, sendsDone + " of " + sends + " callbacks came");
            require(probe.engine.deadlineNanos() == ProtocolEngine.NEVER, "a deadline is left");
            require(probe.engine.waitingBytes() == 0 && !probe.engine.awaitsAcceptance(), "something still waits");
            require(!probe.engine.isHeldBack() && !probe.engine.isOpen(), "still open or held back");
            endsWithTheClose();
        }

        private void step() {
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> receive();
                case 3 -> {
                    log.add("request");
                    probe.request(random.nextInt(1, 3));
                }
                case 4 -> {
                    probe.outbound.takes(random.nextInt(3) == 0 ? 0 : random.nextInt(1, 9));
                    accepted = random.nextLong(accepted, probe.outbound.size() + 1);
                    log.add("accept " + accepted);
                    probe.engine.onAccepted(accepted, probe.now());
                }
                case 5 -> {
                    Duration time = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 10 : 12_000));
                    log.add("pass " + time);
                    probe.pass(time);
                }
                case 6 -> {
                    if (random.nextInt(4) == 0) {
                        ending();
                    }
                }
                default -> act();
            }
        }

        private void receive() {
            if (probe.engine.isHeldBack() || inputEnded || gone) {
                return;
            }
            int end = Math.min(stream.length, index + random.nextInt(60));
            log.add("receive to " + end);
            byte[] part = Arrays.copyOfRange(stream, index, end);
            index = end;
            probe.receive(part);
        }

        private void ending() {
            if (random.nextBoolean() && !probe.engine.isHeldBack() && !inputEnded) {
                log.add("end of input");
                inputEnded = true;
                probe.receiveEnd();
            } else {
                log.add("transport closed");
                gone = true;
                probe.engine.transportClosed("reset", probe.now());
            }
        }

        /** What an application may do at any time, also inside a callback. */
        private void act() {
            int what = random.nextInt(40);
            log.add("act " + what);
            if (what < 16) {
                send(random.nextInt(12) == 0 ? random.nextInt(150_000) : random.nextInt(50));
            } else if (what < 20) {
                probe.engine.ping(new byte[] {(byte) what}, time -> enter());
            } else if (what < 24) {
                sends++;
                probe.engine.send(what == 23 ? Frame.pong(new byte[0]) : Frame.ping(new byte[0]), done -> {
                    sendsDone++;
                    enter();
                });
            } else if (what < 28) {
                probe.setCaughtUp(what < 26);
            } else if (what < 32) {
                probe.engine.caughtUp(probe.now());
            } else if (what < 35) {
                probe.engine.request(1);
                reoffer();
            } else if (what < 37) {
                probe.engine.close(CloseStatus.of(1000 + what % 3), probe.now());
            } else if (what == 37) {
                probe.engine.fail(CloseStatus.of(1011), probe.now());
            } else if (what == 38) {
                probe.engine.expire(probe.now());
            } else if (random.nextInt(4) == 0) {
                probe.engine.abort("enough", probe.now());
            }
        }

        private void reoffer() {
            if (depth == 0 && probe.engine.isHeldBack()) {
                probe.request(1);
            }
        }

        private void send(int size) {
            int number = sends++;
            probe.engine.send(Opcode.BINARY, ByteBuffer.allocate(size), done -> {
                sendsDone++;
                if (done) {
                    require(acceptedData.isEmpty() || acceptedData.getLast() < number, "accepted out of order");
                    acceptedData.add(number);
                }
                enter();
            });
        }

        private void told(String event) {
            require(closes == 0, event + " after the end");
            if (event.startsWith("closed")) {
                closes++;
            }
            enter();
        }

        private void enter() {
            if (reenters && depth < 3 && random.nextInt(3) == 0) {
                depth++;
                act();
                depth--;
            }
        }

        private void check() {
            require(closes <= 1, "closed twice");
            require(probe.engine.waitingBytes() >= 0, "waiting bytes are negative");
            require(sendsDone <= sends, "a callback came twice");
            require(closes == 0 || !probe.engine.isOpen(), "open after the end");
        }

        /** All frames but the last are whole, and none follows a close frame. */
        private void endsWithTheClose() {
            List<String> frames = SentFrames.readCut(role, probe.outbound.bytes());
            int close = 0;
            while (close < frames.size() && !frames.get(close).startsWith("CLOSE")) {
                close++;
            }
            require(close >= frames.size() - 1, "something follows the close: " + frames);
        }

        private static void require(boolean fits, String otherwise) {
            if (!fits) {
                throw new AssertionError(otherwise);
            }
        }
    }
}
