// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.streams;

import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Source;

/** With Pekko Streams, through its support of {@code java.util.concurrent.Flow}. */
record PekkoExamples(ActorSystem system) {
    private static final int PARALLELISM = 4;

    Map<String, WebSocketHandler> handlers() {
        return Map.of("/echo", echo(), "/greeter", greeter(), "/push", push(), "/ticks", ticks(), "/fail", fail());
    }

    private Flow.Publisher<Message> publisher(Source<Message, NotUsed> source) {
        return source.runWith(JavaFlowSupport.Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), system);
    }

    private static Source<Message, NotUsed> texts(Source<String, NotUsed> texts) {
        return texts.map(TextMessage::of);
    }

    WebSocketHandler echo() {
        return streams(in -> publisher(JavaFlowSupport.Source.<Message>fromPublisher(in).map(message -> message)));
    }

    /** Works at four greetings at a time; in order. */
    WebSocketHandler greeter() {
        return streams(in -> publisher(texts(JavaFlowSupport.Source.<Message>fromPublisher(in)
                .mapAsync(PARALLELISM, name -> CompletableFuture.supplyAsync(() -> "Hello " + name.text() + "!")))));
    }

    WebSocketHandler push() {
        return streams(in -> publisher(texts(Source.range(1, 3).map(PekkoExamples::word))));
    }

    private static String word(int number) {
        return switch (number) {
            case 1 -> "one";
            case 2 -> "two";
            default -> "three";
        };
    }

    WebSocketHandler ticks() {
        return streams(in -> publisher(
                texts(Source.range(1, 5).throttle(1, Duration.ofMillis(10)).map(number -> "tick"))));
    }

    WebSocketHandler fail() {
        return streams(in -> publisher(JavaFlowSupport.Source.<Message>fromPublisher(in).map(PekkoExamples::refused)));
    }

    private static Message refused(Message message) {
        throw new IllegalStateException("nobody knows what to do with a " + message);
    }
}
