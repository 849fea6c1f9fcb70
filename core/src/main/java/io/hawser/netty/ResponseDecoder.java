// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/**
 * Netty's parser of responses, which stops behind a 101: what follows are the first frames, and is passed on as such when this decoder is
 * removed.
 */
final class ResponseDecoder extends HttpResponseDecoder {
    private boolean switched;

    ResponseDecoder(int maxHeaderBytes) {
        super(new HttpDecoderConfig().setMaxInitialLineLength(maxHeaderBytes).setMaxHeaderSize(maxHeaderBytes));
        setCumulator(ReadBuffers.COPYING);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        context.fireUserEventTriggered(event); // not to the parser, which would drop what waits when the input ends
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (switched) {
            return;
        }
        int before = out.size();
        super.decode(context, in, out);
        if (out.size() > before
                && out.get(before) instanceof HttpResponse response
                && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            switched = true;
            // Without the mark of its end, which would come after the switch.
            while (out.size() > before + 1) {
                out.remove(out.size() - 1);
            }
        }
    }
}
