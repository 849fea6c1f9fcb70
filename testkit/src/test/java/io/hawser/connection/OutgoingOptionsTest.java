// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.CONTINUATION;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.PING;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;

import io.hawser.KeepAlive;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EndOfTalks.class)
class OutgoingOptionsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    @Tag("M4")
    void sendMessagesInFragmentsOfASetSize() {
        Conversation.with(EchoFace.EACH.handler(), o -> o.fragmentBytes(2)).says(text("abc"), text("de"))
                .hears(ServerFrame.of(TEXT, utf8("ab")), ServerFrame.of(FIN | CONTINUATION, utf8("c")), ServerFrame.text("de"));
    }

    @Test
    @Tag("K3")
    void keepAliveByPongs() {
        KeepAlive pongs = KeepAlive.pongs(SECOND).withBodies(() -> utf8("here"));
        Conversation.with(EchoFace.EACH.handler(), o -> o.keepAlive(pongs).idleTimeout(SECOND.multipliedBy(3)))
                .passes(SECOND).hears(ServerFrame.pong("here"))
                .passes(SECOND).hears(ServerFrame.pong("here"))
                .passes(SECOND).hears(ServerFrame.pong("here"))
                .hearsClose(1001);
    }

    @Test
    @Tag("K3")
    void closeWith1011WhenABodyFails() {
        Conversation.with(EchoFace.EACH.handler(), o -> o.keepAlive(KeepAlive.after(SECOND).withBodies(() -> new byte[126])))
                .passes(SECOND).hears(ServerFrame.close(1011));
        Conversation.with(EchoFace.EACH.handler(), o -> o.keepAlive(KeepAlive.after(SECOND).withBodies(() -> utf8("b"))))
                .passes(SECOND).hears(ServerFrame.of(FIN | PING, utf8("b")));
    }
}
