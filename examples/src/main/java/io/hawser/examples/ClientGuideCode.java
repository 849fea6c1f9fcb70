// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import io.hawser.ConnectFailedException;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.client.HawserClient;
import io.hawser.server.HawserServer;
import java.net.CookieManager;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What the client's guide shows. */
final class ClientGuideCode {
    private ClientGuideCode() {}

    static void connect(String uri, Consumer<String> answers) {
        try (WebSocket socket = HawserClient.shared().connect(uri)) {
            socket.send("Peter");
            Message answer = socket.receive();
            answers.accept(answer.text());
        }
    }

    static HawserClient ofItsOwn() {
        HawserClient client = HawserClient.create(o -> o
                .connectTimeout(Duration.ofSeconds(3))
                .header("User-Agent", "quay/1.0"));
        return client;
    }

    static WebSocket withOptions(HawserClient client, URI uri) {
        WebSocket socket = client.connect(uri, o -> o
                .subprotocols("chat.v2", "chat.v1")
                .webSocket(w -> w.messages(MessagePolicy.strict(16 << 20))));
        return socket;
    }

    static String tryOnce(HawserClient client, URI uri) {
        try (WebSocket socket = client.connect(uri)) {
            return socket.receive().text();
        } catch (UpgradeRefusedException refused) {
            return "refused with " + refused.status() + ": " + refused.bodyText();
        } catch (ConnectFailedException failed) {
            return "no connection: " + failed.getMessage();
        } catch (WebSocketClosedException ended) {
            return "ended with " + ended.closed().status().code();
        }
    }

    static CompletableFuture<String> tryLater(HawserClient client, URI uri) {
        return client.connectAsync(uri, o -> o)
                .thenApply(socket -> socket.subprotocol().orElse("none"))
                .exceptionally(failure -> failure.getCause() instanceof UpgradeRefusedException refused && refused.status() == 404
                        ? "nobody there"
                        : "failed");
    }

    static HawserClient authorised(String token) {
        HawserClient client = HawserClient.create(o -> o.bearer(token));
        return client;
    }

    static HawserClient throughAProxy(String host, int port, String password) {
        HawserClient client = HawserClient.create(o -> o
                .proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)))
                .proxyCredentials("ann", password));
        return client;
    }

    static HawserClient throughTheSystemsProxies() {
        HawserClient client = HawserClient.create(o -> o.proxy(ProxySelector.getDefault()));
        return client;
    }

    static HawserClient redirected() {
        HawserClient client = HawserClient.create(o -> o.redirects(5).cookies(new CookieManager()));
        return client;
    }

    static String besideAServer(HawserServer server, URI uri) {
        try (HawserClient client = HawserClient.create(o -> o.loops(server.loops()));
                WebSocket socket = client.connect(uri)) {
            return socket.receive().text();
        }
    }

    static CompletableFuture<WebSocket> cancelled(HawserClient client, URI uri) {
        CompletableFuture<WebSocket> connecting = client.connectAsync(uri, o -> o);
        connecting.cancel(false);
        return connecting;
    }
}
