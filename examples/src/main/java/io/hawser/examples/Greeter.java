// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.each;

import io.hawser.HttpHandler;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.server.HawserServer;

final class Greeter {
    public static void main(String[] arguments) {
        WebSocketHandler greeter = each(name -> TextMessage.of("Hello " + name.text() + "!"));
        HawserServer.start(o -> o.port(8080), HttpHandler.webSocket(greeter));
    }
}
