// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.logging.LoggingHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How it is chosen; what each kind counts, {@code NettyWireTest} shows. */
@ExtendWith(LeakCheck.class)
class AcceptanceTest {
    private static Acceptance between(ChannelHandler inFront, ChannelHandler behind) {
        ChannelHandler wire = new ChannelInboundHandlerAdapter();
        EmbeddedChannel channel = new EmbeddedChannel(inFront, wire, behind);
        Acceptance chosen = Acceptance.on(channel.pipeline().context(wire));
        channel.finishAndReleaseAll();
        return chosen;
    }

    @Test
    void isReadOffTheQueueWhereNothingSeesWhatIsWritten() {
        assertThat(between(new ChannelInboundHandlerAdapter(), new LoggingHandler())).isInstanceOf(Acceptance.OfQueue.class);
    }

    @Test
    void isPromisedBehindWhateverSeesIt() {
        assertThat(between(new LoggingHandler(), new ChannelInboundHandlerAdapter())).isInstanceOf(Acceptance.OfPromises.class);
        assertThat(between(new TlsContexts.HeldReads(), new LoggingHandler())).isInstanceOf(Acceptance.OfPromises.class);
    }
}
