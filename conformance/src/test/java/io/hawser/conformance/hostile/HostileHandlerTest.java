// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.FrameHandler;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.protocol.Frame;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Handlers that throw whatever can be thrown, when they are opened, at a message and at the close. */
@Timeout(60)
class HostileHandlerTest {
    private static final int INTERNAL_ERROR = 1011;
    private static final String SECRET = "the password is hawser";

    @RegisterExtension
    static final Target target = Target.withDefaults();

    /** What is thrown. */
    enum Fault {
        EXCEPTION {
            @Override
            void strike() {
                throw new IllegalStateException(SECRET);
            }
        },
        ASSERTION {
            @Override
            void strike() {
                throw new AssertionError(SECRET);
            }
        },
        STACK_OVERFLOW {
            @Override
            void strike() {
                try {
                    dig(0);
                } catch (StackOverflowError real) {
                    real.setStackTrace(Arrays.copyOf(real.getStackTrace(), 3)); // of a thousand alike, for the log
                    throw real;
                }
            }

            private long dig(long depth) {
                return depth < 0 ? depth : 1 + dig(depth + 1);
            }
        },
        LINKAGE {
            @Override
            void strike() {
                throw new NoClassDefFoundError(SECRET);
            }
        };

        abstract void strike();
    }

    private static Stream<Arguments> facesAndFaults() {
        return Stream.of(Face.values())
                .flatMap(face -> Stream.of(Fault.values()).map(fault -> Arguments.of(face, fault)));
    }

    private static Stream<Arguments> facesThatOpenAndFaults() {
        return facesAndFaults().filter(arguments -> arguments.get()[0] != Face.EACH);
    }

    private static RawClient open(WebSocketHandler handler) throws IOException {
        target.app().route("/faulty", HttpHandler.webSocket(handler));
        return target.open("/faulty");
    }

    private static void expectInternalError(RawClient client) throws IOException {
        assertThat(client.expectFailedWith(INTERNAL_ERROR).payload()).as("a code and no reason").hasSize(2);
    }

    @Tag("hostile-58")
    @Tag("hostile-60")
    @Tag("C5")
    @ParameterizedTest
    @MethodSource("facesThatOpenAndFaults")
    void failsAConnectionWhoseHandlerThrowsOnOpen(Face face, Fault fault) throws IOException {
        WebSocketHandler handler = switch (face) {
            case EACH -> throw new AssertionError("is not told of the opening");
            case STREAMS -> WebSocketHandler.streams(in -> {
                fault.strike();
                return in;
            });
            case DIRECT -> WebSocketHandler.direct(socket -> fault.strike());
            case FRAMES -> WebSocketHandler.frames(channel -> {
                fault.strike();
                return frame -> {};
            });
        };
        try (RawClient client = open(handler)) {
            expectInternalError(client);
        }
    }

    @Tag("hostile-58")
    @Tag("hostile-60")
    @Tag("C5")
    @ParameterizedTest
    @MethodSource("facesAndFaults")
    void failsAConnectionWhoseHandlerThrowsAtAMessage(Face face, Fault fault) throws IOException {
        WebSocketHandler handler = switch (face) {
            case EACH -> WebSocketHandler.each(message -> {
                fault.strike();
                return message;
            });
            case STREAMS -> WebSocketHandler.streams(in -> out -> in.subscribe(new Striker(out, fault, false)));
            case DIRECT -> WebSocketHandler.direct(socket -> {
                socket.receive();
                fault.strike();
            });
            case FRAMES -> WebSocketHandler.frames(channel -> frame -> fault.strike());
        };
        try (RawClient client = open(handler)) {
            RawFrame text = RawFrame.of(RawFrame.TEXT, "go");
            client.send(text, text, text);
            expectInternalError(client);
        }
    }

    /** The peer's close is answered, and what the handler throws then is nobody's. */
    @Tag("hostile-58")
    @Tag("hostile-60")
    @ParameterizedTest
    @MethodSource("facesAndFaults")
    void closesInOrderThoughTheHandlerThrowsOnClose(Face face, Fault fault) throws IOException {
        CompletableFuture<Void> struck = new CompletableFuture<>();
        WebSocketHandler handler = switch (face) {
            case EACH -> WebSocketHandler.each(message -> message);
            case STREAMS -> WebSocketHandler.streams(in -> {
                in.closed().thenAccept(how -> {
                    struck.complete(null);
                    fault.strike();
                });
                return out -> in.subscribe(new Striker(out, fault, true));
            });
            case DIRECT -> WebSocketHandler.direct(socket -> {
                for (Message message : socket) {
                    socket.send(message);
                }
                struck.complete(null);
                fault.strike();
            });
            case FRAMES -> WebSocketHandler.frames(channel -> new FrameHandler() {
                @Override
                public void onFrame(Frame frame) {
                    channel.send(frame);
                }

                @Override
                public void onClosed(Closed closed) {
                    struck.complete(null);
                    fault.strike();
                }
            });
        };
        try (RawClient client = open(handler)) {
            client.send(RawFrame.of(RawFrame.TEXT, "hello"));
            client.expectEcho(RawFrame.TEXT, new byte[] {'h', 'e', 'l', 'l', 'o'});
            client.closeWith(1000);
        }
        if (face != Face.EACH) {
            assertThat(struck).succeedsWithin(Target.HANG_GUARD);
        }
    }

    /** A handler that gives null where something is wanted. */
    @Tag("hostile-58")
    @ParameterizedTest
    @EnumSource
    void failsAConnectionWhoseHandlerGivesNothing(Face face) throws IOException {
        WebSocketHandler handler = switch (face) {
            case EACH -> WebSocketHandler.each(message -> null);
            case STREAMS -> WebSocketHandler.streams(in -> null);
            case DIRECT -> WebSocketHandler.direct(socket -> socket.send((Message) null));
            case FRAMES -> WebSocketHandler.frames(channel -> null);
        };
        try (RawClient client = open(handler)) {
            client.send(RawFrame.of(RawFrame.TEXT, "go"));
            expectInternalError(client);
        }
    }

    /** The output fails in its stream's own way. */
    @Tag("C5")
    @ParameterizedTest
    @EnumSource
    void failsAConnectionWhoseOutputFails(Fault fault) throws IOException {
        try (RawClient client = open(WebSocketHandler.streams(in -> out -> {
            out.onSubscribe(NO_SUBSCRIPTION);
            try {
                fault.strike();
            } catch (Throwable failure) {
                out.onError(failure);
            }
        }))) {
            expectInternalError(client);
        }
    }

    @Tag("hostile-58")
    @Tag("hostile-60")
    @ParameterizedTest
    @EnumSource
    void answers500ForAHandlerOfRequestsThatThrows(Fault fault) throws IOException {
        target.app().route("/broken", request -> {
            fault.strike();
            throw new IOException(SECRET);
        });
        try (RawClient client = target.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send(RawClient.upgrade("/broken"));
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(500);
                assertThat(response.body()).isEqualTo("Internal Server Error");
                assertThat(response.toString()).doesNotContain(SECRET);
            }
        }
    }

    private static final Flow.Subscription NO_SUBSCRIPTION = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    /** Passes messages on and throws at the first, or at the end. */
    private record Striker(Flow.Subscriber<? super Message> out, Fault fault, boolean atTheEnd)
            implements Flow.Subscriber<Message> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            out.onSubscribe(subscription);
        }

        @Override
        public void onNext(Message message) {
            if (!atTheEnd) {
                fault.strike();
            }
            out.onNext(message);
        }

        @Override
        public void onError(Throwable failure) {
            fault.strike();
        }

        @Override
        public void onComplete() {
            fault.strike();
        }
    }
}
