// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.streams;
import static org.reactivestreams.FlowAdapters.toFlowPublisher;
import static org.reactivestreams.FlowAdapters.toPublisher;

import io.hawser.Message;
import io.hawser.MessageStream;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** With RxJava 3, through the adapters of Reactive Streams. */
final class RxJavaExamples {
    private static final int PARALLELISM = 4;

    private RxJavaExamples() {}

    static Map<String, WebSocketHandler> handlers() {
        return Map.of("/echo", echo(), "/greeter", greeter(), "/push", push(), "/ticks", ticks(), "/fail", fail());
    }

    private static Flowable<Message> flowable(MessageStream in) {
        return Flowable.fromPublisher(toPublisher(in));
    }

    static WebSocketHandler echo() {
        return streams(in -> toFlowPublisher(flowable(in).map(message -> message)));
    }

    /** Works at four greetings at a time; in order. */
    static WebSocketHandler greeter() {
        return streams(in -> toFlowPublisher(flowable(in)
                .concatMapEager(
                        name -> Flowable.fromCallable(() -> TextMessage.of("Hello " + name.text() + "!"))
                                .subscribeOn(Schedulers.computation()),
                        PARALLELISM,
                        1)));
    }

    static WebSocketHandler push() {
        return streams(in -> toFlowPublisher(Flowable.just("one", "two", "three").map(TextMessage::of)));
    }

    static WebSocketHandler ticks() {
        return streams(in -> toFlowPublisher(Flowable.interval(10, TimeUnit.MILLISECONDS)
                .onBackpressureDrop()
                .take(5)
                .map(number -> TextMessage.of("tick"))));
    }

    static WebSocketHandler fail() {
        return streams(in -> toFlowPublisher(flowable(in)
                .flatMap(message -> Flowable.<Message>error(new IllegalStateException("refused: " + message)))));
    }
}
