// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import io.hawser.protocol.engine.ProtocolEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that echoes, on {@code java.nio} and {@code hawser-protocol} alone: what any server does that has its own way to move bytes. One thread
 * serves all connections.
 */
public final class NioEchoServer implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listening = ServerSocketChannel.open();
    private final Thread thread = Thread.ofPlatform().name("nio-echo").unstarted(this::run);
    private volatile boolean stopping;

    /** Listens on a free port of the loopback address, from now on. */
    public NioEchoServer() throws IOException {
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listening.configureBlocking(false);
        listening.register(selector, SelectionKey.OP_ACCEPT);
        thread.start();
    }

    /** The port that is listened on. */
    public int port() {
        return listening.socket().getLocalPort();
    }

    private void run() {
        try (selector;
                listening) {
            while (!stopping || !connections().isEmpty()) {
                selector.select(this::onReady, millisLeft());
                if (stopping) {
                    listening.close();
                    connections().forEach(EchoConnection::goAway);
                }
                connections().forEach(EchoConnection::expire);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onReady(SelectionKey key) {
        if (key.attachment() instanceof EchoConnection connection) {
            connection.turn();
            return;
        }
        try {
            SocketChannel accepted = listening.accept();
            if (accepted != null) {
                accepted.configureBlocking(false);
                SelectionKey own = accepted.register(selector, SelectionKey.OP_READ);
                own.attach(new EchoConnection(accepted, own));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<EchoConnection> connections() {
        return selector.keys().stream()
                .filter(SelectionKey::isValid)
                .map(SelectionKey::attachment)
                .filter(EchoConnection.class::isInstance)
                .map(EchoConnection.class::cast)
                .toList();
    }

    /** How long until a connection has something to do by itself; 0 for ever. */
    private long millisLeft() {
        long nanos = connections().stream().mapToLong(EchoConnection::nanosLeft).min().orElse(ProtocolEngine.NEVER);
        return nanos == ProtocolEngine.NEVER ? 0 : 1 + TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos));
    }

    /** Closes all connections with 1001, and returns when that is done or they were cut off. */
    @Override
    public void close() {
        stopping = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
