// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.client.Reconnecting;
import io.hawser.client.Reconnecting.Cause;
import io.hawser.protocol.CloseStatus;
import io.hawser.server.HawserServer;
import java.net.URI;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A feed whose server restarts after each price, and tires of it after three. */
@Timeout(60)
@Tag("U7")
class PriceFeedTest {
    private static final WebSocketHandler RESTARTING = direct(socket -> {
        assertThat(socket.receive().text()).isEqualTo("subscribe EUR/USD");
        socket.send("1.08");
        socket.close(CloseStatus.GOING_AWAY, "restarting");
    });

    private static final HttpHandler APP = request -> request.headers()
                    .firstValue("Authorization")
                    .orElse("")
                    .equals("Bearer 4")
            ? Response.text(403, "enough")
            : request.upgrade().map(u -> u.accept(RESTARTING)).orElseThrow();

    @Test
    void listensFromConnectionToConnectionUntilItIsRefused() throws Exception {
        LinkedBlockingQueue<String> prices = new LinkedBlockingQueue<>();
        AtomicInteger tokens = new AtomicInteger();
        try (HawserServer server = HawserServer.start(o -> o.port(0), APP);
                HawserClient client = HawserClient.create(o -> o);
                Reconnecting feed = PriceFeed.listen(
                        client,
                        URI.create("ws://127.0.0.1:" + server.port() + "/"),
                        () -> "" + tokens.incrementAndGet(),
                        prices::add)) {
            assertThat(feed.stopped().toCompletableFuture().get(30, TimeUnit.SECONDS).cause()).isEqualTo(Cause.REFUSED);
            for (int i = 0; i < 3; i++) {
                assertThat(prices.poll(30, TimeUnit.SECONDS)).isEqualTo("1.08");
            }
            assertThat(prices).isEmpty();
            assertThat(PriceFeed.sendPerhapsTwice(feed, TextMessage.of("late")).toCompletableFuture()).isCompletedExceptionally();
        }
    }

    @Test
    void endsWithItsHandlerWhereThatIsAskedFor() throws Exception {
        try (HawserServer server = HawserServer.start(o -> o.port(0), HttpHandler.webSocket(each(message -> message)));
                HawserClient client = HawserClient.create(o -> o);
                Reconnecting once = client.reconnecting(
                        URI.create("ws://127.0.0.1:" + server.port() + "/"),
                        direct(socket -> socket.send("done")),
                        PriceFeed.untilDone())) {
            assertThat(once.stopped().toCompletableFuture().get(30, TimeUnit.SECONDS).cause()).isEqualTo(Cause.STOP_WHEN);
        }
    }
}
