// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.http.HeadLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives one request at a time: its head by Netty's parser, when {@link HeadCheck} has looked at it, and its body to who reads it. What comes
 * behind a request waits, unread, until the response is decided: it is the next request, or the first frames of a WebSocket connection, and
 * is passed on as such when this decoder is removed. While something waits, nothing more is read from the socket.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private final HeadLimits limits;
    private final Runnable afterRead;
    private HeadCheck check;
    private boolean inHead;
    /** From a request's head until its successor is to be found. */
    private boolean waiting;

    private @Nullable ChannelHandlerContext self;
    private boolean paused;
    private boolean decoding;
    /** Whether what has come is still where it was read into. */
    private boolean borrowed;
    private boolean inputEnded;
    private @Nullable BodyFraming framing;
    private @Nullable RequestBody body;

    /**
     * A decoder for a connection.
     *
     * @param afterRead called when what has come was gone through, as far as it could be
     */
    RequestDecoder(HeadLimits limits, Runnable afterRead) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLineBytes() + 2)
                .setMaxHeaderSize(limits.headerBytes() + 2));
        this.limits = limits;
        this.afterRead = afterRead;
        this.check = new HeadCheck(limits);
        setCumulator(this::cumulate);
    }

    /** What has come is gone through where it was read into, as all connections of a loop do; {@link #keepRest} copies what stays. */
    private ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf kept, ByteBuf in) {
        boolean keptIsBorrowed = borrowed;
        borrowed = !kept.isReadable();
        if (borrowed) {
            kept.release();
            return in;
        }
        return keptIsBorrowed ? ReadBuffers.copy(allocator, kept, in) : ReadBuffers.COPYING.cumulate(allocator, kept, in);
    }

    /** A request that is of no use; nothing follows it. */
    record Refused(HeadCheck.Refusal refusal) {}

    // ---- from the connection, on the loop

    /** How the body is framed of the request that was given last. */
    @Nullable BodyFraming framing() {
        return framing;
    }

    /** The body of that request goes there. */
    void feed(RequestBody opened) {
        body = opened;
    }

    /** The request is answered, and its body is over: the next one is to be found. */
    void next() {
        waiting = false;
        framing = null;
        body = null;
        check = new HeadCheck(limits);
    }

    /** From now on what comes waits, or no more. */
    void pause(boolean on) {
        paused = on;
    }

    /** Goes on with what has come already; without effect within what that leads to, as it is gone on with behind that anyway. */
    void goOn() throws Exception {
        if (!decoding) {
            channelRead(Objects.requireNonNull(self), Unpooled.EMPTY_BUFFER);
        }
    }

    /** Feeds the body with what has come already, in the midst of whatever else. */
    void feedNow() {
        RequestBody reader = body;
        if (reader != null) {
            reader.feed(internalBuffer());
            // At once: a client may send all of its body before it reads the answer, which could not leave otherwise.
            holdReading(Objects.requireNonNull(self));
        }
    }

    /** Whether the head that came last, fit or not, asks by HEAD, so that the answer has no body. */
    boolean isHead() {
        return check.isHead();
    }

    /** Whether a request is to be answered before another is looked for. */
    boolean isWaiting() {
        return waiting;
    }

    /** Whether some of a head has come, and not yet all of it. */
    boolean isInHead() {
        return !waiting && check.hasBegun();
    }

    /** Whether bytes have come that nobody has taken. */
    boolean hasUnread() {
        return internalBuffer().isReadable();
    }

    // ---- from the channel

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        super.handlerAdded(context);
        self = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (decoding) {
            super.channelRead(context, message);
            return;
        }
        decoding = true;
        try {
            if (message instanceof ByteBuf bytes && body != null && !hasUnread()) {
                body.feed(bytes); // from the buffer that was read into, without a copy in between
            }
            if (context.isRemoved()) {
                context.fireChannelRead(message); // the body was malformed
            } else {
                super.channelRead(context, message);
                keepRest(context);
            }
        } finally {
            decoding = false;
        }
        if (!context.isRemoved()) {
            holdReading(context);
            afterRead.run();
        }
    }

    private void keepRest(ChannelHandlerContext context) throws Exception {
        if (borrowed && !context.isRemoved() && hasUnread()) {
            super.channelRead(context, Unpooled.EMPTY_BUFFER); // has it cumulated with nothing
        }
    }

    /** What waits keeps the socket from being read. */
    private void holdReading(ChannelHandlerContext context) {
        boolean read = !paused && !(waiting && hasUnread());
        if (context.channel().config().isAutoRead() != read && !(read && inputEnded)) { // else epoll breaks the connection
            context.channel().config().setAutoRead(read);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Not to the parser, which would read on where it had nothing to pass on.
        discardSomeReadBytes();
        context.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        inputEnded |= NettyWire.isInputEnd(event);
        // Not to the parser, which would drop what waits when the input ends.
        context.fireUserEventTriggered(event);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (paused) {
            return;
        }
        if (waiting) {
            if (body != null) {
                body.feed(in);
            }
            return;
        }
        try {
            if (!inHead && !check.isComplete(in)) {
                return;
            }
            inHead = true;
            decodeHead(context, in, out);
        } catch (HeadCheck.RefusedException e) {
            waiting = true;
            in.skipBytes(in.readableBytes()); // a decoder that finds something must have read something
            out.clear();
            out.add(new Refused(e.refusal()));
        }
    }

    private void decodeHead(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        super.decode(context, in, out);
        if (out.isEmpty()) {
            return;
        }
        // Only the head: behind it stands a mark of the request's end, where it has no body.
        while (out.size() > 1) {
            out.remove(out.size() - 1);
        }
        inHead = false;
        waiting = true;
        // A body is not left to the parser: who knows where its framing is fit to be parsed has parsed it. Nor is it asked whether there is
        // one: behind a GET with the two keys of WebSocket's draft 76 it would take 8 bytes of the next request for its body.
        reset();
        if (check.announcesBody()) {
            framing = check.body();
            framing.dataIn(in); // so that who sends a malformed one along with the head is refused, whether or not it is read
        }
    }
}
