// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.connection.LiveConnection;
import io.hawser.connection.LoopWatch;
import io.hawser.connection.Opening;
import io.hawser.connection.Wire;
import io.hawser.connection.WireListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.Principal;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket as a wire. Replies are gathered in one buffer and leave in one system call when a read is through. */
final class NettyWire extends ChannelInboundHandlerAdapter implements Wire {
    private static final Logger LOG = LoggerFactory.getLogger(NettyWire.class);

    /** Direct as all buffers here: a loop that sees two kinds of buffer is several times slower. */
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    /** How much must be left of a read to be kept in its buffer. */
    private static final int KEPT_WHOLE_BYTES = ReadBuffers.BYTES / 4;

    private final Channel channel;
    private final LoopTasks tasks;
    private final Optional<Principal> principal;
    private @Nullable WireListener listener;

    // Input
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
    private boolean holding;
    private boolean offering;
    private boolean inputEnded;
    private @Nullable LingeringClose closing;
    private String howClosed = "the connection was closed";

    private @Nullable GatheredOutput output;

    /** A wire over a channel; on the channel's loop. */
    NettyWire(Channel channel) {
        this.channel = channel;
        this.tasks = LoopTasks.of(channel.eventLoop());
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        this.principal = tls == null ? Optional.empty() : principalOf(tls.engine().getSession());
    }

    /**
     * Opens a connection in the place of handlers that spoke HTTP, in one step on the channel's loop. Who keeps bytes for it, and passes them on when
     * it is removed, is to be removed behind this.
     */
    static LiveConnection open(Channel channel, Opening opening, List<? extends ChannelHandler> http) {
        // First, since a handler may send as soon as it is opened, through whatever stands in front of the wire then.
        http.forEach(channel.pipeline()::remove);
        NettyWire wire = new NettyWire(channel);
        channel.pipeline().addLast(wire);
        return LiveConnection.open(wire, opening);
    }

    /** Who the peer of a session is, if it showed a certificate. */
    static Optional<Principal> principalOf(SSLSession session) {
        try {
            return Optional.of(session.getPeerPrincipal());
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        output = new GatheredOutput(added, Acceptance.on(added), () -> listener().onAccepted());
    }

    @Override
    public void open(WireListener opened) {
        listener = opened;
    }

    private WireListener listener() {
        return Objects.requireNonNull(listener);
    }

    // ---- input

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (closing != null) {
                closing.onDiscarded(bytes.readableBytes());
            } else if (holding) {
                hold(bytes);
            } else {
                boolean readOn = offer(bytes);
                if (bytes.isReadable() || !readOn) {
                    hold(bytes);
                    listener().onReadComplete(); // which Netty does not tell, over io_uring, once the peer has ended its output
                }
            }
        } finally {
            bytes.release();
        }
    }

    /** Offers bytes and skips what is taken of them. */
    private boolean offer(ByteBuf bytes) {
        // One cached view a buffer, which the next call resets: fetched once a read.
        ByteBuffer view = bytes.nioBufferCount() == 1
                ? bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes())
                : bytes.nioBuffer();
        view.order(ByteOrder.LITTLE_ENDIAN);
        int start = view.position();
        boolean readOn = offer(view);
        bytes.skipBytes(view.position() - start);
        return readOn;
    }

    private boolean offer(ByteBuffer view) {
        offering = true;
        try {
            return listener().onRead(view);
        } finally {
            offering = false;
        }
    }

    private void hold(ByteBuf rest) {
        holding = true;
        channel.config().setAutoRead(false);
        if (rest.isReadable()) {
            held.addLast(keep(rest));
        }
    }

    /** What must wait, in a buffer that is not much larger: a little is copied, so that it does not keep a read buffer. */
    private ByteBuf keep(ByteBuf rest) {
        int bytes = rest.readableBytes();
        return bytes < KEPT_WHOLE_BYTES ? channel.alloc().directBuffer(bytes).writeBytes(rest) : rest.retain();
    }

    @Override
    public void resumeReading() {
        if (!holding || offering) {
            return;
        }
        boolean readOn = held.isEmpty() ? offer(NOTHING) : offerHeld();
        if (readOn) {
            holding = false;
            if (!inputEnded) { // else epoll, asked to read on, breaks the connection
                channel.config().setAutoRead(true);
            } else if (closing == null) {
                listener().onInputEnd();
            }
        }
    }

    /** Whether the listener took all that was held and wants more. */
    private boolean offerHeld() {
        ByteBuf next;
        while ((next = held.pollFirst()) != null) {
            // Ours alone while it is offered, since the listener may end the wire meanwhile.
            boolean readOn = offer(next);
            boolean rest = next.isReadable() && closing == null && channel.isActive();
            if (rest && next.capacity() < KEPT_WHOLE_BYTES) {
                held.addFirst(next); // a copy of our own
            } else {
                if (rest) {
                    held.addFirst(keep(next));
                }
                next.release();
            }
            if (!readOn) {
                return false;
            }
        }
        return true;
    }

    private void releaseHeld() {
        held.forEach(ByteBuf::release);
        held.clear();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        listener().onReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (!isInputEnd(event) || inputEnded) {
            return;
        }
        inputEnded = true;
        if (closing != null) {
            closing.onInputEnd();
        } else if (!holding) {
            listener().onInputEnd();
        }
    }

    /** Whether a channel's event tells that the peer has ended its output: TCP's, or TLS's within it. */
    static boolean isInputEnd(Object event) {
        return event == ChannelInputShutdownEvent.INSTANCE || event == SslCloseCompletionEvent.SUCCESS;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        releaseHeld();
        holding = false;
        output().release();
        listener().onClosed(howClosed);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        if (isOfTransport(cause)) {
            howClosed = "the connection broke: " + cause.getMessage();
            channel.close();
            return;
        }
        howClosed = "this side failed: " + cause;
        try {
            listener().onFailure(cause);
        } catch (Throwable again) { // as likely as not, where memory is used up
            cause.addSuppressed(again);
            LOG.error("the connection from {} failed, and so does its close", channel.remoteAddress(), cause);
            LingeringClose.cut(channel);
        }
    }

    /** Whether something failed because of the peer or of what lies between, and not in this side's own code. */
    static boolean isOfTransport(Throwable failure) {
        Throwable cause = failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof IOException || cause instanceof DecoderException;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        if (channel.isWritable()) {
            listener().onAccepted();
        }
    }

    // ---- output

    private GatheredOutput output() {
        return Objects.requireNonNull(output);
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        return output().reserve(bytes);
    }

    @Override
    public boolean isWritable() {
        return output().isWritable();
    }

    @Override
    public long unflushedBytes() {
        return output().unflushedBytes();
    }

    @Override
    public void flush(boolean tell) {
        output().flush(tell);
    }

    @Override
    public long acceptedBytes() {
        return output().acceptedBytes();
    }

    @Override
    public void end(long lingerNanos) {
        flush(false);
        releaseHeld();
        holding = false;
        output().writeNothingMore();
        closing = LingeringClose.begin(channel, inputEnded, lingerNanos);
    }

    @Override
    public void cut() {
        LingeringClose.cut(channel);
    }

    // ---- the loop

    @Override
    public boolean inLoop() {
        return channel.eventLoop().inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    @Override
    public void wake(Thread sleeper) {
        tasks.wake(sleeper);
    }

    @Override
    public Runnable schedule(Runnable task, long delayNanos) {
        try {
            ScheduledFuture<?> timer = channel.eventLoop().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {}; // the loop has ended, and time with it
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public SocketAddress localAddress() {
        return channel.localAddress();
    }

    @Override
    public Optional<Principal> principal() {
        return principal;
    }

    @Override
    public LoopWatch watch() {
        return tasks.watch();
    }
}
