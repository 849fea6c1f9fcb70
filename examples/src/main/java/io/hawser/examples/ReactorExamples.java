// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.streams;
import static reactor.adapter.JdkFlowAdapter.flowPublisherToFlux;
import static reactor.adapter.JdkFlowAdapter.publisherToFlowPublisher;

import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** With Reactor, through its adapter. */
final class ReactorExamples {
    private static final int PARALLELISM = 4;

    private ReactorExamples() {}

    static Map<String, WebSocketHandler> handlers() {
        return Map.of("/echo", echo(), "/greeter", greeter(), "/push", push(), "/ticks", ticks(), "/fail", fail());
    }

    static WebSocketHandler echo() {
        return streams(in -> publisherToFlowPublisher(flowPublisherToFlux(in).map(message -> message)));
    }

    /** Works at four greetings at a time; in order. */
    static WebSocketHandler greeter() {
        return streams(in -> publisherToFlowPublisher(flowPublisherToFlux(in)
                .flatMapSequential(
                        name -> Mono.fromCallable(() -> TextMessage.of("Hello " + name.text() + "!"))
                                .subscribeOn(Schedulers.parallel()),
                        PARALLELISM)));
    }

    static WebSocketHandler push() {
        return streams(in -> publisherToFlowPublisher(Flux.just("one", "two", "three").map(TextMessage::of)));
    }

    static WebSocketHandler ticks() {
        return streams(in -> publisherToFlowPublisher(Flux.interval(Duration.ofMillis(10))
                .onBackpressureDrop()
                .take(5)
                .map(number -> TextMessage.of("tick"))));
    }

    static WebSocketHandler fail() {
        return streams(in -> publisherToFlowPublisher(flowPublisherToFlux(in)
                .flatMap(message -> Mono.<TextMessage>error(new IllegalStateException("refused: " + message)))));
    }
}
