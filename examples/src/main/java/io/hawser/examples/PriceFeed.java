// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;

import io.hawser.Message;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.client.ConnectOptions;
import io.hawser.client.HawserClient;
import io.hawser.client.Reconnecting;
import io.hawser.client.Reconnecting.State;
import io.hawser.protocol.CloseStatus;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Prices from a server that may go away and come back. */
final class PriceFeed {
    private PriceFeed() {}

    /** Listens until it is closed, or the server wants no more of it. */
    static Reconnecting listen(
            HawserClient client, URI uri, Supplier<String> freshToken, Consumer<String> prices) {
        WebSocketHandler subscriber = direct(socket -> {
            socket.send("subscribe EUR/USD");
            for (Message price : socket) {
                prices.accept(price.text());
            }
        });
        Reconnecting feed = client.reconnecting(uri, subscriber, o -> o
                .freshHeaders(() -> Map.of("Authorization", "Bearer " + freshToken.get()))
                .backOff(Duration.ofMillis(200), Duration.ofSeconds(20))
                .onReconnecting(PriceFeed::tell));
        return feed;
    }

    private static void tell(State state) {
        System.out.println(switch (state) {
            case State.Connecting connecting -> "attempt " + connecting.attempt();
            case State.Open open -> "connected to " + open.connection().remoteAddress();
            case State.Waiting waiting -> waiting.why().getMessage() + "; next attempt in " + waiting.time().toMillis() + " ms";
            case State.Stopped stopped -> "no more: " + stopped.cause();
        });
    }

    /** Options by which all is over when the handler returns. */
    static UnaryOperator<ConnectOptions> untilDone() {
        return o -> o.stopWhen(end -> end instanceof WebSocketClosedException closed
                && closed.closed().local() && closed.closed().status().code() == CloseStatus.NORMAL);
    }

    /** Sends again what may have been lost with its connection. */
    static CompletionStage<Void> sendPerhapsTwice(Reconnecting feed, Message message) {
        return feed.sendAsync(message).exceptionallyCompose(failure -> failure instanceof WebSocketClosedException
                ? feed.sendAsync(message)
                : CompletableFuture.failedStage(failure));
    }
}
