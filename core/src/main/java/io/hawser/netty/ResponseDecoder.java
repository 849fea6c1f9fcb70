// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.util.List;

/**
 * Netty's parser of responses, which stops behind a 101: what follows are the first frames, and is passed on as such when this decoder is
 * removed. It bounds a head as a whole, where Netty's limits are those of its first line and of its fields.
 */
final class ResponseDecoder extends HttpResponseDecoder {
    private final int maxHeadBytes;
    private boolean switched;
    private boolean refused;
    private boolean inBody;
    /** How much of the present head has been parsed. */
    private int headBytes;

    ResponseDecoder(int maxHeadBytes) {
        super(new HttpDecoderConfig().setMaxInitialLineLength(maxHeadBytes).setMaxHeaderSize(maxHeadBytes));
        this.maxHeadBytes = maxHeadBytes;
        setCumulator(ReadBuffers.COPYING);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        context.fireUserEventTriggered(event); // not to the parser, which would drop what waits when the input ends
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (switched) {
            return;
        }
        int before = out.size();
        if (inBody) {
            super.decode(context, in, out);
        } else {
            decodeHead(context, in, out);
        }
        if (out.size() > before) {
            headBytes = 0;
            inBody = !(out.get(out.size() - 1) instanceof LastHttpContent);
            stopBehindSwitch(out, before);
        }
    }

    /** The parser sees no more than a head may be long; what it does not find there is not looked for. */
    private void decodeHead(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        int before = out.size();
        ByteBuf head = in.slice(in.readerIndex(), Math.min(in.readableBytes(), maxHeadBytes - headBytes));
        super.decode(context, head, out);
        in.skipBytes(head.readerIndex());
        headBytes += head.readerIndex();
        if (out.size() == before && headBytes + in.readableBytes() > maxHeadBytes) {
            refused = true;
            in.skipBytes(in.readableBytes());
            HttpMessage invalid = createInvalidMessage();
            invalid.setDecoderResult(DecoderResult.failure(
                    new TooLongHttpHeaderException("its head is longer than " + maxHeadBytes + " bytes")));
            out.add(invalid);
        }
    }

    private void stopBehindSwitch(List<Object> out, int first) {
        if (out.get(first) instanceof HttpResponse response
                && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            switched = true;
            // Without the mark of its end, which would come after the switch.
            while (out.size() > first + 1) {
                out.remove(out.size() - 1);
            }
        }
    }
}
