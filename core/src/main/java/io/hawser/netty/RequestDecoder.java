// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.http.HeadLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Netty's parser, given one checked request at a time. What comes behind a request waits, unread, until the response is decided: it is the
 * next request, or the first frames of a WebSocket connection, and is passed on as such when this decoder is removed.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private final HeadLimits limits;
    private HeadCheck check;
    private boolean inMessage;
    private boolean waiting;

    RequestDecoder(HeadLimits limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLineBytes() + 2)
                .setMaxHeaderSize(limits.headerBytes() + 2));
        this.limits = limits;
        this.check = new HeadCheck(limits);
        setCumulator(ReadBuffers.COPYING);
    }

    /** A request whose head is of no use; nothing follows it. */
    record Refused(HeadCheck.Refusal refusal) {}

    /** The request is answered: the next one is to be found. */
    void next() {
        waiting = false;
        check = new HeadCheck(limits);
    }

    /** Goes on with what has come already. */
    void goOn(ChannelHandlerContext context) throws Exception {
        channelRead(context, context.alloc().directBuffer(0, 0));
    }

    /** Whether the request under way has a body. */
    boolean announcesBody() {
        return check.announcesBody();
    }

    /** Whether a request is to be answered before another is looked for. */
    boolean isWaiting() {
        return waiting;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // Not to the parser, which would drop what waits when the input ends.
        context.fireUserEventTriggered(event);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (waiting) {
            dropBody(in);
            return;
        }
        try {
            if (!inMessage && !check.isComplete(in)) {
                return;
            }
        } catch (HeadCheck.RefusedException e) {
            waiting = true;
            in.skipBytes(in.readableBytes()); // a decoder that finds something must have read something
            out.add(new Refused(e.refusal()));
            return;
        }
        inMessage = true;
        int before = out.size();
        super.decode(context, in, out);
        if (out.size() > before) {
            // Only the request: behind it stands a mark of its end, which would come after it was answered, or upgraded.
            while (out.size() > before + 1) {
                out.remove(out.size() - 1);
            }
            inMessage = false;
            waiting = true;
            dropBody(in);
        }
    }

    /** A body is not read, and nothing can follow it: so it is not kept either while the request is answered. */
    private void dropBody(ByteBuf in) {
        if (check.announcesBody()) {
            in.skipBytes(in.readableBytes());
        }
    }
}
