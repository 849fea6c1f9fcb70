// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Response;
import io.hawser.http.HeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Map;

/** Responses as Netty's encoder takes them. */
final class ResponseMessages {
    private ResponseMessages() {}

    /** A response with this body, which is handed over, and these header fields. */
    static FullHttpResponse of(Response response, ByteBuf body, List<Map.Entry<String, String>> fields) {
        DefaultFullHttpResponse message =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
        fields.forEach(field -> message.headers().add(field.getKey(), field.getValue()));
        return message;
    }

    /** The 101 of an upgrade. */
    static FullHttpResponse switching(Response response) {
        return of(response, Unpooled.EMPTY_BUFFER, HeaderFields.ofSwitching(response));
    }
}
