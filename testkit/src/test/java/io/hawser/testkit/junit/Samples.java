// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.server.HawserServer;
import io.hawser.testkit.EphemeralServer;
import io.hawser.testkit.HawserTest;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that use the extension, which {@link HawserExtensionTest} runs; what they are given is collected. */
final class Samples {
    /** What tests and their life cycles were given, in order. */
    static final Collection<Object> GIVEN = new ConcurrentLinkedQueue<>();

    private static final WebSocketHandler GREETER =
            WebSocketHandler.each(name -> TextMessage.of("Hello " + name.text() + "!"));

    private Samples() {}

    private static void greet(WebSocket socket) {
        try (socket) {
            socket.send("Peter");
            assertThat(socket.receive().text()).isEqualTo("Hello Peter!");
        }
    }

    static class OfClass {
        @RegisterExtension
        static final HawserExtension HAWSER = HawserExtension.of(GREETER);

        OfClass(EphemeralServer server) {
            GIVEN.add(server);
        }

        @BeforeAll
        static void prepare(EphemeralServer server) {
            GIVEN.add(server);
        }

        @BeforeEach
        void prepareOne(EphemeralServer server) {
            GIVEN.add(server);
        }

        @Test
        void greets(HawserClient client, URI uri) {
            greet(client.connect(uri));
        }

        @Test
        void knowsItsServer(EphemeralServer ephemeral, HawserServer server, HawserClient client, URI uri) {
            GIVEN.add(ephemeral);
            assertThat(server).isSameAs(ephemeral.server());
            assertThat(client).isSameAs(ephemeral.client());
            assertThat(uri).isEqualTo(ephemeral.uri("/"));
        }

        @Nested
        class Inside {
            @Test
            void hasTheSame(EphemeralServer server) {
                GIVEN.add(server);
            }
        }
    }

    static class OfInstance {
        @RegisterExtension
        final HawserExtension hawser = HawserExtension.of(() -> {
            GIVEN.add("an application");
            return HttpHandler.webSocket(GREETER);
        });

        @BeforeEach
        void prepare(EphemeralServer server) {
            GIVEN.add(server);
        }

        @Test
        void greets(EphemeralServer server) {
            greet(server.connect("/"));
        }

        @Test
        void greetsAgain(EphemeralServer server) {
            greet(server.connect("/"));
        }

        @Nested
        class Inside {
            @Test
            void greets(EphemeralServer server) {
                greet(server.connect("/"));
            }
        }
    }

    @TestInstance(Lifecycle.PER_CLASS)
    static class OfTheOnlyInstance {
        @RegisterExtension
        final HawserExtension hawser = HawserExtension.of(GREETER);

        @BeforeAll
        void prepare(EphemeralServer server) {
            GIVEN.add(server);
        }

        @Test
        void one(EphemeralServer server) {
            GIVEN.add(server);
        }

        @Test
        void another(EphemeralServer server) {
            GIVEN.add(server);
        }
    }

    static class AtTheSameTime {
        private static final CyclicBarrier BOTH = new CyclicBarrier(2);

        @RegisterExtension
        static final HawserExtension HAWSER = HawserExtension.of(GREETER);

        @Test
        void one(EphemeralServer server) throws Exception {
            meet(server);
        }

        @Test
        void another(EphemeralServer server) throws Exception {
            meet(server);
        }

        private static void meet(EphemeralServer server) throws Exception {
            GIVEN.add(server);
            BOTH.await(20, TimeUnit.SECONDS);
            greet(server.connect("/"));
        }
    }

    static class InMemory {
        @RegisterExtension
        static final HawserExtension HAWSER = HawserExtension.of(GREETER)
                .server(o -> {
                    throw new IllegalStateException("a server was started that no test asked for");
                })
                .inMemory(o -> o.seed(7));

        @BeforeEach
        void prepare(HawserTest test) {
            GIVEN.add(test);
        }

        @Test
        void greets(HawserTest test) {
            GIVEN.add(test);
            greet(test.client().connect(test.uri("/")));
        }

        @Test
        void greetsAgain(HawserTest test) {
            GIVEN.add(test);
            greet(test.client().connect(test.uri("/")));
        }

        @AfterEach
        void finish(HawserTest test) {
            GIVEN.add(test);
        }
    }

    static class DoesNotStart {
        @RegisterExtension
        static final HawserExtension HAWSER = HawserExtension.of(GREETER).server(o -> o.host("nowhere.invalid"));

        @Test
        void asks(URI uri) {
            GIVEN.add(uri);
        }
    }

    static class TwoOfThem {
        @RegisterExtension
        static final HawserExtension ONE = HawserExtension.of(GREETER);

        @RegisterExtension
        static final HawserExtension OTHER = HawserExtension.of(GREETER);

        @Test
        void asks(URI uri) {
            GIVEN.add(uri);
        }
    }
}
