// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.http.Delivery;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses of one connection, each when the one before has left. A peer that takes nothing of one is cut off. Confined to the
 * channel's loop.
 */
final class ResponseWriter {
    /** Up to here a body leaves in one write with its head; a larger one in pieces, so that not all of it is held twice. */
    private static final int SMALL_BYTES = 64 << 10;

    private static final ByteBuf CONTINUE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes("HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII)));

    private final ChannelHandlerContext context;
    private final long noProgressNanos;
    private @Nullable BodyWriter body;

    /**
     * Nothing so far.
     *
     * @param context where responses are written
     * @param noProgressNanos how long the peer may take nothing
     */
    ResponseWriter(ChannelHandlerContext context, long noProgressNanos) {
        this.context = context;
        this.noProgressNanos = noProgressNanos;
    }

    /**
     * Writes a response.
     *
     * @param request what it answers, for the log; null for what is no request
     * @param written takes the write of its last byte when that has been made, perhaps before this returns, and flushes it; not called if the body fails,
     *     for which the connection is cut, or if the connection closes before
     */
    void write(@Nullable Request request, Response response, Delivery delivery, Consumer<ChannelFuture> written) {
        if (!delivery.carriesBody()) {
            writeAtOnce(response, delivery, ByteBuffer.allocate(0), written);
        } else if (response.body() instanceof Response.Body.Bytes(ByteBuffer data) && data.remaining() <= SMALL_BYTES) {
            writeAtOnce(response, delivery, data, written);
        } else {
            context.write(head(response, delivery, 0));
            BodyWriter following = new BodyWriter(context, request, response.body(), delivery.chunked(), last -> {
                body = null;
                written.accept(last);
            });
            body = following;
            NoProgressTimer.watch(context.channel(), following.whole(), noProgressNanos, following::writtenBytes);
            following.goOn();
        }
    }

    /** Tells a client that it may send the body that it has asked about. */
    void writeContinue() {
        context.writeAndFlush(CONTINUE.duplicate(), context.voidPromise());
    }

    private void writeAtOnce(Response response, Delivery delivery, ByteBuffer body, Consumer<ChannelFuture> written) {
        ByteBuf out = head(response, delivery, body.remaining()).writeBytes(body);
        written.accept(context.write(out));
    }

    private ByteBuf head(Response response, Delivery delivery, int room) {
        ByteBuf out = context.alloc().directBuffer(ResponseHead.USUAL_BYTES + room);
        ResponseHead.write(out, response, delivery);
        return out;
    }

    /** The channel may take more. */
    void onWritable() {
        if (body != null) {
            body.goOn();
        }
    }

    /** The channel is closed. */
    void onClosed() {
        if (body != null) {
            body.cancel();
            body = null;
        }
    }
}
