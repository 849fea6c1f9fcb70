// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Response;
import io.hawser.tck.Captured;
import io.hawser.tck.Patience;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** Who writes the body of a response. */
public final class StreamPartVerificationTest extends FlowSubscriberBlackboxVerification<ByteBuffer> {
    public StreamPartVerificationTest() {
        super(Patience.environment());
    }

    @Override
    public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
        Captured<ByteBuffer> source = new Captured<>();
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        Response.Body body = new Response.Body.Stream(source, OptionalLong.empty());
        new BodyWriter(channel.pipeline().firstContext(), null, body, true, last -> {}).goOn();
        return source.subscriber();
    }

    @Override
    public ByteBuffer createElement(int element) {
        return ByteBuffer.allocate(10);
    }
}
