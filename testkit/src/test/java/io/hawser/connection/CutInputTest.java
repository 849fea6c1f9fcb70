// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However the network cuts what a peer says, each face delivers the same messages and tells the same end. */
@ExtendWith(EndOfTalks.class)
class CutInputTest {
    private static final int RUNS = 300;
    private static final int LONGEST_BYTES = 70_000;
    private static final List<String> WORDS = List.of("", "a", "grüße", "\ud83d\ude00", "hawser ".repeat(30));

    /** The way in which a face tells of messages. */
    enum Receiver {
        EACH,
        EACH_ASYNC,
        STREAMS,
        DIRECT,
        FRAMES;

        WebSocketHandler noting(List<Object> heard) {
            return switch (this) {
                case EACH -> WebSocketHandler.each(message -> {
                    heard.add(valueOf(message));
                    return message;
                });
                case EACH_ASYNC -> WebSocketHandler.eachAsync(message -> {
                    heard.add(valueOf(message));
                    return CompletableFuture.completedFuture(message);
                }, 3);
                case STREAMS -> WebSocketHandler.streams(in -> {
                    in.subscribe(new Noting(heard));
                    return in.receiveOnly();
                });
                case DIRECT -> WebSocketHandler.direct(socket -> {
                    for (Message message : socket) {
                        heard.add(valueOf(message));
                    }
                });
                case FRAMES -> WebSocketHandler.frames(channel -> frame -> {
                    if (!frame.opcode().isControl()) {
                        heard.add(valueOf(frame));
                    }
                });
            };
        }

        private static Object valueOf(Message message) {
            return switch (message) {
                case TextMessage text -> text.text();
                case BinaryMessage binary -> binary.data();
            };
        }

        private static Object valueOf(Frame frame) {
            return frame.opcode() == Opcode.TEXT ? frame.text() : frame.payload();
        }
    }

    private record Noting(List<Object> heard) implements Flow.Subscriber<Message> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Message message) {
            heard.add(Receiver.valueOf(message));
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    /** What a peer says: the bytes, the messages that stand in them, and the close at their end. */
    private record Speech(ByteBuffer data, List<Object> messages, Closed end) {
        byte[] bytes() {
            byte[] copy = new byte[data.remaining()];
            data.get(data.position(), copy);
            return copy;
        }

        static Speech random(Random chance) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            List<Object> messages = new ArrayList<>();
            for (int i = chance.nextInt(12); i > 0; i--) {
                if (chance.nextInt(4) == 0) {
                    bytes.writeBytes(ClientFrames.ping("apart"));
                }
                if (chance.nextBoolean()) {
                    String text = WORDS.get(chance.nextInt(WORDS.size())) + WORDS.get(chance.nextInt(WORDS.size()));
                    messages.add(text);
                    writeFrames(bytes, ClientFrames.TEXT, ClientFrames.utf8(text), chance);
                } else {
                    byte[] payload = new byte[chance.nextInt(chance.nextInt(20) == 0 ? LONGEST_BYTES : 300)];
                    chance.nextBytes(payload);
                    messages.add(ByteBuffer.wrap(payload));
                    writeFrames(bytes, ClientFrames.BINARY, payload, chance);
                }
            }
            CloseStatus status = List.of(
                            CloseStatus.of(1000, "done"), CloseStatus.of(4321, "grüße"), CloseStatus.of(CloseStatus.NO_STATUS))
                    .get(chance.nextInt(3));
            bytes.writeBytes(
                    status.isSendable() ? ClientFrames.close(status.code(), status.reason()) : ClientFrames.close());
            return new Speech(ByteBuffer.wrap(bytes.toByteArray()), messages, new Closed(status, false, true));
        }

        /** In up to five fragments, with pings between some of them. */
        private static void writeFrames(ByteArrayOutputStream bytes, int opcode, byte[] payload, Random chance) {
            int[] ends = chance.ints(chance.nextInt(5), 0, payload.length + 1).sorted().toArray();
            int from = 0;
            int first = opcode;
            for (int to : ends) {
                bytes.writeBytes(ClientFrames.frame(first, Arrays.copyOfRange(payload, from, to)));
                if (chance.nextInt(3) == 0) {
                    bytes.writeBytes(ClientFrames.ping("between"));
                }
                from = to;
                first = ClientFrames.CONTINUATION;
            }
            bytes.writeBytes(
                    ClientFrames.frame(ClientFrames.FIN | first, Arrays.copyOfRange(payload, from, payload.length)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void deliversTheSameHoweverTheInputIsCut(Receiver face) {
        for (int seed = 0; seed < RUNS; seed++) {
            Random chance = new Random(seed);
            Speech speech = Speech.random(chance);
            List<Object> heard = new CopyOnWriteArrayList<>();
            Conversation talk = Conversation.with(face.noting(heard));
            talk.wire.receiveCut(speech.bytes(), chance.ints(chance.nextInt(30), 0, speech.bytes().length + 1)
                    .sorted()
                    .toArray());
            assertThat(talk.closed()).as("end, seed %s", seed).isEqualTo(speech.end());
            talk.awaits("all messages", () -> heard.size() >= speech.messages().size());
            assertThat(heard).as("messages, seed %s", seed).isEqualTo(speech.messages());
            talk.hangsUp().isOver();
        }
    }
}
