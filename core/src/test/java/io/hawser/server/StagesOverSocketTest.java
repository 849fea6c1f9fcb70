// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import io.hawser.tls.Encryption;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs a socket: that stages work there as in memory. */
@Tag("F12")
class StagesOverSocketTest {
    @Test
    void changeWhatPassesOverARealConnection() throws Exception {
        FrameStage shout = FrameStage.outgoing((frame, stage) ->
                frame.opcode() == Opcode.TEXT ? List.of(Frame.text(frame.text().toUpperCase(Locale.ROOT))) : List.of(frame));
        WebSocketHandler echo = WebSocketHandler.each(message -> message).with(o -> o.addStage(shout));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (HawserServer server = HawserServer.start(
                o -> Encryption.of(o).port(0).webSocket(w -> w.frameLog(true)),
                request -> request.upgrade().map(upgrade -> upgrade.accept(echo)).orElse(Response.of(400)))) {
            WebSocket socket = HttpClient.newBuilder().sslContext(Encryption.trusting()).build()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create(Encryption.scheme() + "://127.0.0.1:" + server.port() + "/"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                            heard.add(text.toString());
                            from.request(1);
                            return null;
                        }
                    })
                    .get(30, TimeUnit.SECONDS);
            socket.sendText("quiet", true);
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("QUIET");
            socket.abort();
        }
    }
}
