// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.Delivery;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Blocking code on a virtual thread of its own, over an {@link Inbox}. */
final class DirectFace extends Face implements WebSocket {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final WebSocketHandler.DirectBody body;
    private final Inbox inbox;
    private volatile @Nullable Thread thread;

    DirectFace(LiveConnection live, WebSocketHandler.DirectBody body) {
        super(live);
        this.body = body;
        this.inbox = new Inbox(live);
    }

    @Override
    Delivery delivery(WebSocketOptions options) {
        return new Delivery.Messages(this::onMessage);
    }

    @Override
    void onOpen() {
        inbox.open();
        thread = Thread.ofVirtual().name("hawser-direct").start(this::run);
    }

    private void run() {
        try {
            body.run(this);
            live.close(CloseStatus.of(CloseStatus.NORMAL));
        } catch (Throwable failure) { // whatever a handler throws ends its own connection only
            live.failed(failure);
        } finally {
            thread = null;
            inbox.discard();
        }
    }

    private void onMessage(Opcode opcode, boolean fin, byte[] payload) {
        inbox.add(Messages.of(opcode, payload));
    }

    @Override
    void onBatchEnd() {
        inbox.wakeReceiver();
    }

    @Override
    boolean isCaughtUp() {
        return inbox.isCaughtUp();
    }

    @Override
    void onClosed(Closed how) {
        inbox.wakeReceiver();
    }

    @Override
    void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public Message receive() {
        requireOffLoop();
        if (inbox.await(0) == null) {
            throw end();
        }
        return inbox.take();
    }

    @Override
    public Optional<Message> receive(Duration timeout) {
        requireOffLoop();
        if (inbox.await(nanosOf(timeout)) != null) {
            return Optional.of(inbox.take());
        }
        if (live.ending() != null && inbox.isEmpty()) {
            throw end();
        }
        return Optional.empty();
    }

    /** At least one, as none means no time-out. */
    private static long nanosOf(Duration timeout) {
        if (timeout.compareTo(LONGEST) >= 0) {
            return Long.MAX_VALUE;
        }
        return timeout.isPositive() ? timeout.toNanos() : 1;
    }

    private WebSocketClosedException end() {
        WebSocketClosedException failure = live.end().failure();
        return failure == null ? new WebSocketClosedException(live.end().require(), null) : failure;
    }

    @Override
    public void send(Message message) {
        requireOffLoop();
        requireOpen();
        live.awaitWritable();
        requireOpen();
        live.send(message, null);
    }

    @Override
    public Duration ping() {
        requireOffLoop();
        return await(pingAsync());
    }

    @Override
    public void close() {
        try {
            close(CloseStatus.NORMAL, "");
        } catch (WaitInterruptedException e) {
            // Closing goes on by itself; the thread's interrupt flag is set.
        }
    }

    @Override
    public Closed close(int code, String reason) {
        requireOffLoop();
        CompletionStage<Closed> end = closeAsync(CloseStatus.of(code, reason));
        inbox.discard();
        long patience = live.options().engineSettings().closeTimeout().toNanos();
        Runnable cancel = live.wire().schedule(() -> live.cut("the close was not done in time"), patience);
        try {
            return await(end);
        } finally {
            cancel.run();
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while waiting for the peer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketClosedException closed) {
                throw closed;
            }
            throw new IllegalStateException("a stage of a connection failed otherwise than by its end", e);
        }
    }

    private void requireOffLoop() {
        if (live.wire().inLoop()) {
            throw new IllegalStateException("a blocking call on an event loop; use a thread of your own");
        }
    }

    @Override
    public Iterator<Message> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                requireOffLoop();
                if (inbox.await(0) != null) {
                    return true;
                }
                WebSocketClosedException failure = live.end().failure();
                if (failure != null) {
                    throw failure;
                }
                return false;
            }

            @Override
            public Message next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the connection is closed: " + live.ending());
                }
                return receive();
            }
        };
    }
}
