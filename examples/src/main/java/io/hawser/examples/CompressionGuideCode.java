// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;

import io.hawser.Compression;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.server.HawserServer;
import java.util.function.UnaryOperator;

/** What the guide to compression shows. */
final class CompressionGuideCode {
    private CompressionGuideCode() {}

    static HawserServer withMoreMemory(HttpHandler app) {
        return HawserServer.start(o -> o.port(0).webSocket(w -> w.compression(Compression.on().memoryBytes(256 << 20))), app);
    }

    static WebSocketHandler harder(UnaryOperator<Message> report) {
        return each(report).with(o -> o.compression(Compression.on().level(6)));
    }

    static WebSocketHandler notAtAll(byte[] picture) {
        return direct(socket -> socket.send(picture)).with(o -> o.compression(Compression.off()));
    }

    static HawserClient offeringNothing() {
        return HawserClient.create(o -> o.webSocket(w -> w.compression(Compression.off())));
    }
}
