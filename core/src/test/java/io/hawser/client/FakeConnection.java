// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.Attribute;
import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketClosedException;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import java.net.SocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** A connection that takes messages at once, or when a test says so, and ends when a test says so. Any thread may use it. */
final class FakeConnection implements Connection {
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final Queue<CompletableFuture<Void>> pending = new ConcurrentLinkedQueue<>();
    private final Queue<String> taken = new ConcurrentLinkedQueue<>();
    private final List<CloseStatus> closes = new CopyOnWriteArrayList<>();
    private final boolean takesAtOnce;
    private volatile boolean closesAtOnce = true;
    private volatile boolean loopHasEnded;

    private FakeConnection(boolean takesAtOnce) {
        this.takesAtOnce = takesAtOnce;
    }

    /** One whose transport accepts all. */
    static FakeConnection taking() {
        return new FakeConnection(true);
    }

    /** One whose transport accepts a message when {@link #take} is called. */
    static FakeConnection hesitant() {
        return new FakeConnection(false);
    }

    /** Leaves the end to {@link #end}. */
    FakeConnection closingLater() {
        closesAtOnce = false;
        return this;
    }

    /** From now on nobody is there to take a message, nor to tell of an end. */
    void endLoop() {
        loopHasEnded = true;
    }

    /** The messages that were handed over. */
    List<String> taken() {
        return List.copyOf(taken);
    }

    /** With what it was closed by this side. */
    List<CloseStatus> closes() {
        return List.copyOf(closes);
    }

    /** The transport accepts the oldest message. */
    void take() {
        pending.remove().complete(null);
    }

    /** The peer closes. */
    void end(int code) {
        end(new Closed(CloseStatus.of(code), false, code != CloseStatus.ABNORMAL));
    }

    void end(Closed how) {
        for (CompletableFuture<Void> sent = pending.poll(); sent != null; sent = pending.poll()) {
            sent.completeExceptionally(new WebSocketClosedException(how, null));
        }
        closed.complete(how);
    }

    @Override
    public boolean trySend(Message message) {
        if (closed.isDone()) {
            return false;
        }
        taken.add(message.text());
        return true;
    }

    @Override
    public CompletionStage<Void> sendAsync(Message message) {
        if (loopHasEnded) {
            throw new RejectedExecutionException("event loop has ended");
        }
        if (closed.isDone()) {
            return CompletableFuture.failedFuture(new WebSocketClosedException(closed.join(), null));
        }
        taken.add(message.text());
        CompletableFuture<Void> sent = new CompletableFuture<>();
        if (takesAtOnce) {
            sent.complete(null);
        } else {
            pending.add(sent);
        }
        return sent;
    }

    @Override
    public CompletionStage<Closed> closeAsync(CloseStatus status) {
        closes.add(status);
        if (closesAtOnce) {
            end(new Closed(status, true, true));
        }
        return closed;
    }

    @Override
    public CompletionStage<Closed> closed() {
        return closed;
    }

    @Override
    public void abort() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Request request() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Response response() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> subprotocol() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress remoteAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress localAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Principal> principal() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> Optional<T> get(Attribute<T> key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> void set(Attribute<T> key, T value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(Attribute<?> key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Duration> pingAsync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onControl(Consumer<? super Frame> listener) {
        throw new UnsupportedOperationException();
    }
}
