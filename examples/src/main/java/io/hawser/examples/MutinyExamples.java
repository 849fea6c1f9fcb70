// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.streams;
import static java.util.concurrent.CompletableFuture.supplyAsync;

import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.Map;

/** With Mutiny, whose streams are of {@code java.util.concurrent.Flow} themselves. */
final class MutinyExamples {
    private static final int PARALLELISM = 4;

    private MutinyExamples() {}

    static Map<String, WebSocketHandler> handlers() {
        return Map.of("/echo", echo(), "/greeter", greeter(), "/push", push(), "/ticks", ticks(), "/fail", fail());
    }

    static WebSocketHandler echo() {
        return streams(in -> Multi.createFrom().publisher(in).map(message -> message));
    }

    /** Works at some four greetings at a time: each is begun as its name comes, and four may wait for their turn; in order. */
    static WebSocketHandler greeter() {
        return streams(in -> Multi.createFrom().publisher(in)
                .map(name -> supplyAsync(() -> TextMessage.of("Hello " + name.text() + "!")))
                .emitOn(Infrastructure.getDefaultExecutor(), PARALLELISM)
                .onItem().transformToUniAndConcatenate(Uni.createFrom()::completionStage));
    }

    static WebSocketHandler push() {
        return streams(in -> Multi.createFrom().items("one", "two", "three").map(TextMessage::of));
    }

    static WebSocketHandler ticks() {
        return streams(in -> Multi.createFrom().ticks().every(Duration.ofMillis(10))
                .onOverflow().drop()
                .select().first(5)
                .map(number -> TextMessage.of("tick")));
    }

    static WebSocketHandler fail() {
        return streams(in -> Multi.createFrom().publisher(in).map(MutinyExamples::refused));
    }

    private static Message refused(Message message) {
        throw new IllegalStateException("nobody knows what to do with a " + message);
    }
}
