// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.BINARY;
import static io.hawser.connection.ClientFrames.CONTINUATION;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether a message comes whole or streamed depends on the policy alone, however the bytes are cut; what it says never does. */
@Tag("M2")
@ExtendWith(EndOfTalks.class)
class MessageFormTest {
    private static final int RUNS = 150;
    private static final int SHORT_BYTES = 200;
    /** More than the 256 KiB that one read takes. */
    private static final int LONG_BYTES = 300_000;
    private static final int[] CODE_POINTS = {'a', 0xE9, 0x20AC, 0x1F600};

    /** The three forms of policy. */
    enum Form {
        STRICT,
        STRICT_UP_TO,
        STREAMED;

        MessagePolicy policy(int limit) {
            return switch (this) {
                case STRICT -> MessagePolicy.strict(LONG_BYTES);
                case STRICT_UP_TO -> MessagePolicy.strictUpTo(limit, LONG_BYTES);
                case STREAMED -> MessagePolicy.streamed(LONG_BYTES);
            };
        }

        boolean isWhole(int length, int limit) {
            return switch (this) {
                case STRICT -> true;
                case STRICT_UP_TO -> length <= limit;
                case STREAMED -> false;
            };
        }
    }

    /** A message as a handler got it. */
    private record Got(boolean whole, Object value) {}

    /** Notes messages, and reads those that are streamed. */
    private static final class Reader implements Flow.Subscriber<Message> {
        private final List<Supplier<Got>> begun = new ArrayList<>();

        List<Got> got() {
            return begun.stream().map(Supplier::get).toList();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Message message) {
            begun.add(switch (message) {
                case TextMessage.Strict text -> () -> new Got(true, text.text());
                case BinaryMessage.Strict binary -> () -> new Got(true, binary.data());
                case TextMessage.Streamed text -> {
                    ChunkProbe<String> probe = read(text.chunks());
                    yield () -> new Got(false, probe.isComplete() ? probe.joined() : "no end");
                }
                case BinaryMessage.Streamed binary -> {
                    ChunkProbe<ByteBuffer> probe = read(binary.chunks());
                    yield () -> new Got(false, probe.isComplete() ? joined(probe.chunks()) : "no end");
                }
            });
        }

        private static <C> ChunkProbe<C> read(Flow.Publisher<C> chunks) {
            ChunkProbe<C> probe = new ChunkProbe<>();
            chunks.subscribe(probe);
            probe.request(Long.MAX_VALUE);
            return probe;
        }

        private static ByteBuffer joined(List<ByteBuffer> chunks) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (ByteBuffer chunk : chunks) {
                byte[] bytes = new byte[chunk.remaining()];
                chunk.get(chunk.position(), bytes);
                all.writeBytes(bytes);
            }
            return ByteBuffer.wrap(all.toByteArray());
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    /** What a peer says: the bytes, and what is to come of them. */
    private record Speech(ByteArrayOutputStream bytes, List<Got> expected) {
        static Speech random(Form form, int limit, Random chance) {
            Speech speech = new Speech(new ByteArrayOutputStream(), new ArrayList<>());
            for (int i = 1 + chance.nextInt(6); i > 0; i--) {
                int length = length(limit, chance);
                byte[] payload = new byte[length];
                boolean text = chance.nextBoolean();
                if (text) {
                    payload = randomText(length, chance);
                } else {
                    chance.nextBytes(payload);
                }
                Object value = text ? new String(payload, StandardCharsets.UTF_8) : ByteBuffer.wrap(payload);
                speech.expected.add(new Got(form.isWhole(length, limit), value));
                speech.addFrames(text ? TEXT : BINARY, payload, chance);
            }
            return speech;
        }

        /** Around the limit, short, or now and then longer than what one read takes. */
        private static int length(int limit, Random chance) {
            return switch (chance.nextInt(12)) {
                case 0 -> LONG_BYTES - chance.nextInt(30_000);
                case 1, 2 -> limit;
                case 3, 4 -> limit + 1;
                case 5 -> 0;
                default -> chance.nextInt(SHORT_BYTES);
            };
        }

        /** Characters of one to four bytes, so many bytes in all. */
        private static byte[] randomText(int length, Random chance) {
            ByteArrayOutputStream text = new ByteArrayOutputStream(length);
            while (text.size() < length) {
                byte[] next = utf8(Character.toString(CODE_POINTS[chance.nextInt(CODE_POINTS.length)]));
                text.writeBytes(text.size() + next.length <= length ? next : utf8("z"));
            }
            return text.toByteArray();
        }

        /** In up to five fragments, with a ping between some of them. */
        private void addFrames(int opcode, byte[] payload, Random chance) {
            int from = 0;
            int next = opcode;
            for (int to : chance.ints(chance.nextInt(5), 0, payload.length + 1).sorted().toArray()) {
                bytes.writeBytes(frame(next, Arrays.copyOfRange(payload, from, to)));
                if (chance.nextInt(3) == 0) {
                    bytes.writeBytes(ClientFrames.ping("between"));
                }
                next = CONTINUATION;
                from = to;
            }
            bytes.writeBytes(frame(FIN | next, Arrays.copyOfRange(payload, from, payload.length)));
        }

        /** At every byte where they are few, else at up to thirty places. */
        int[] cuts(Random chance) {
            return bytes.size() < 2_000 && chance.nextBoolean()
                    ? IntStream.range(1, bytes.size()).toArray()
                    : chance.ints(chance.nextInt(30), 0, bytes.size() + 1).sorted().toArray();
        }
    }

    @ParameterizedTest
    @EnumSource
    void dependsOnThePolicyAlone(Form form) {
        for (int seed = 0; seed < RUNS; seed++) {
            Random chance = new Random(seed);
            int limit = chance.nextInt(SHORT_BYTES);
            Speech speech = Speech.random(form, limit, chance);
            for (int cutting = 0; cutting < 3; cutting++) {
                Reader reader = new Reader();
                Conversation talk = Conversation.with(
                        WebSocketHandler.streams(in -> {
                            in.subscribe(reader);
                            return in.receiveOnly();
                        }),
                        o -> o.messages(form.policy(limit)));
                talk.wire.receiveCut(speech.bytes().toByteArray(), speech.cuts(chance));
                talk.loop.run();
                assertThat(reader.got()).as("seed %s, limit %s", seed, limit).isEqualTo(speech.expected());
            }
        }
    }
}
