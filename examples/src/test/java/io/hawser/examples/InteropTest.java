// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.WebSocketHandler;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The streams face with the stream libraries that its users have. */
@Timeout(120)
@Tag("M6")
class InteropTest {
    private static final ActorSystem PEKKO = ActorSystem.create("examples");
    private static final int NAMES = 100;

    static Stream<Named<Map<String, WebSocketHandler>>> libraries() {
        return Stream.of(
                Named.of("Mutiny", MutinyExamples.handlers()),
                Named.of("Reactor", ReactorExamples.handlers()),
                Named.of("RxJava", RxJavaExamples.handlers()),
                Named.of("Pekko", new PekkoExamples(PEKKO).handlers()));
    }

    @AfterAll
    static void stopPekko() {
        PEKKO.terminate();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void echoes(Map<String, WebSocketHandler> library) throws Exception {
        try (Talk talk = Talk.with(library, "/echo")) {
            for (String text : new String[] {"a", "", "κόσμε"}) {
                talk.says(text);
                assertThat(talk.hears()).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void greetsInOrder(Map<String, WebSocketHandler> library) throws Exception {
        try (Talk talk = Talk.with(library, "/greeter")) {
            for (int i = 0; i < NAMES; i++) {
                talk.says("Ann " + i);
            }
            for (int i = 0; i < NAMES; i++) {
                assertThat(talk.hears()).isEqualTo("Hello Ann " + i + "!");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void pushesAndCloses(Map<String, WebSocketHandler> library) throws Exception {
        try (Talk talk = Talk.with(library, "/push")) {
            assertThat(talk.hears()).isEqualTo("one");
            assertThat(talk.hears()).isEqualTo("two");
            assertThat(talk.hears()).isEqualTo("three");
            assertThat(talk.hears()).isEqualTo("closed with 1000");
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void ticksAtItsOwnPace(Map<String, WebSocketHandler> library) throws Exception {
        try (Talk talk = Talk.with(library, "/ticks")) {
            for (int i = 0; i < 5; i++) {
                assertThat(talk.hears()).isEqualTo("tick");
            }
            assertThat(talk.hears()).isEqualTo("closed with 1000");
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void closesWith1011WhenTheStreamFails(Map<String, WebSocketHandler> library) throws Exception {
        try (Talk talk = Talk.with(library, "/fail")) {
            talk.says("a");
            assertThat(talk.hears()).isEqualTo("closed with 1011");
        }
    }
}
