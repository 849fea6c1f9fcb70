// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.engine.Delivery;
import io.hawser.waiting.Awaited;
import io.hawser.waiting.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Blocking code over an {@link Inbox}, at a server on a virtual thread of its own. */
final class DirectFace extends Face implements WebSocket {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    /** How much of a stream or reader goes into one frame. */
    private static final int CHUNK_BYTES = 16 << 10;

    /** What runs on a thread of its own; null where the application's own threads use the connection. */
    private final WebSocketHandler.@Nullable DirectBody body;
    private final Inbox inbox;
    private final Surroundings surroundings;
    private volatile @Nullable Thread thread;
    /** The last message that was received; the receiving thread's own. */
    private @Nullable Unread unread;

    DirectFace(LiveConnection live, WebSocketHandler.@Nullable DirectBody body) {
        super(live);
        this.body = body;
        this.inbox = new Inbox(live);
        this.surroundings = live.wire().surroundings();
    }

    @Override
    Delivery delivery() {
        return inbox.intake().delivery();
    }

    @Override
    void onOpen() {
        inbox.open();
        WebSocketHandler.DirectBody running = body;
        if (running != null) {
            thread = surroundings.start("hawser-direct " + live.request().path(), () -> run(running));
        }
    }

    private void run(WebSocketHandler.DirectBody running) {
        try {
            running.run(this);
            live.completed();
        } catch (Throwable failure) { // whatever a handler throws ends its own connection only
            live.failed(failure);
        } finally {
            thread = null;
            discardUnread();
            inbox.discard();
        }
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
        inbox.intake().onClosed(how);
        inbox.wakeReceiver();
    }

    @Override
    void interrupt() {
        Thread running = thread;
        if (running != null) {
            surroundings.interrupt(running);
        }
    }

    @Override
    public Message receive() {
        requireOffLoop();
        discardUnread();
        if (inbox.await(0) == null) {
            throw end();
        }
        return take();
    }

    private Message take() {
        Message message = inbox.take();
        if (message instanceof Unread streamed) {
            unread = streamed;
            live.onLoop(() -> {
                streamed.onDelivered(); // only now: it may have waited for long in the inbox
                inbox.onTaken();
            });
        }
        return message;
    }

    /** What was not read of a streamed message makes way for the next one. */
    private void discardUnread() {
        Unread last = unread;
        if (last != null) {
            unread = null;
            last.makeWay();
        }
    }

    @Override
    public Optional<Message> receive(Duration timeout) {
        requireOffLoop();
        discardUnread();
        if (inbox.await(nanosOf(timeout)) != null) {
            return Optional.of(take());
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
        awaitWritable();
        live.output().send(message, null);
    }

    private void awaitWritable() {
        requireOffLoop();
        requireOpen();
        live.output().awaitWritable(() -> live.ending() != null);
        requireOpen();
    }

    @Override
    public void send(InputStream bytes) throws IOException {
        byte[] buffer = new byte[CHUNK_BYTES];
        feed(BinaryMessage::streamed, () -> {
            int size = bytes.readNBytes(buffer, 0, buffer.length);
            return size == 0 ? null : ByteBuffer.wrap(Arrays.copyOf(buffer, size));
        });
    }

    @Override
    public void send(Reader text) throws IOException {
        char[] buffer = new char[CHUNK_BYTES];
        feed(TextMessage::streamed, () -> {
            int size = text.read(buffer);
            return size < 0 ? null : new String(buffer, 0, size);
        });
    }

    private <C> void feed(Function<Flow.Publisher<C>, Message> message, Callable<@Nullable C> source) throws IOException {
        awaitWritable();
        FedChunks<C> chunks = new FedChunks<>(surroundings);
        sendAsync(message.apply(chunks)).whenComplete((sent, failure) -> chunks.cancel());
        try {
            if (!chunks.feed(source)) {
                // Given up: the connection has ended, or our own close could not wait for it any longer.
                throw new WebSocketClosedException(Objects.requireNonNull(live.end().known()), null);
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a source of chunks failed", e);
        }
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
        if (Thread.currentThread().equals(thread)) {
            discardUnread(); // who waits here reads no more; the peer's close is behind it
        }
        inbox.discard();
        long patience = live.options().engineSettings().closeTimeout().toNanos();
        Runnable cancel = live.wire().schedule(() -> live.cut("the close was not done in time"), patience);
        try {
            return await(end);
        } finally {
            cancel.run();
        }
    }

    private <T> T await(CompletionStage<T> stage) {
        return Awaited.result(stage, surroundings, () -> new WaitInterruptedException("interrupted while waiting for the peer"));
    }

    private void requireOffLoop() {
        live.requireOffLoop();
    }

    @Override
    public Iterator<Message> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                requireOffLoop();
                discardUnread();
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
