// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** Counts the requests of a connection whose responses have not left yet. Confined to the channel's loop. */
final class ResponseCount extends ChannelOutboundHandlerAdapter {
    private final Runnable onNone;
    private int unanswered;
    private boolean interim;

    /** None yet. */
    ResponseCount(Runnable onNone) {
        this.onNone = onNone;
    }

    /** A request was passed on. */
    void expect() {
        unanswered++;
    }

    boolean isNone() {
        return unanswered == 0;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            // RFC 9110 15.2: a client MUST be able to parse one or more 1xx responses received prior to a final response
            interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
        boolean last = message instanceof LastHttpContent || message instanceof HttpChunkedInput;
        context.write(message, last && !interim ? promise.unvoid().addListener(left -> answered()) : promise);
    }

    private void answered() {
        unanswered--;
        if (unanswered == 0) {
            onNone.run();
        }
    }
}
