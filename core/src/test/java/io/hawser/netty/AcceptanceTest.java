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
    private final ChannelHandler wire = new ChannelInboundHandlerAdapter();

    private Acceptance in(ChannelHandler... handlers) {
        EmbeddedChannel channel = new EmbeddedChannel(handlers);
        Acceptance chosen = Acceptance.on(channel.pipeline().context(wire));
        channel.finishAndReleaseAll();
        return chosen;
    }

    @Test
    void isReadOffTheQueueWhereNothingSeesWhatIsWritten() {
        assertThat(in(wire)).isInstanceOf(Acceptance.OfQueue.class);
        assertThat(in(new ChannelInboundHandlerAdapter(), wire)).isInstanceOf(Acceptance.OfQueue.class);
        assertThat(in(wire, new LoggingHandler())).as("behind it").isInstanceOf(Acceptance.OfQueue.class);
    }

    @Test
    void isPromisedBehindWhateverSeesIt() {
        assertThat(in(new LoggingHandler(), wire)).isInstanceOf(Acceptance.OfPromises.class);
        assertThat(in(new TlsContexts.HeldReads(), new ChannelInboundHandlerAdapter(), wire))
                .isInstanceOf(Acceptance.OfPromises.class);
    }
}
