// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.header;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.KeepAlive;
import io.hawser.protocol.CloseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers from which nothing comes any more, in every face. */
@ExtendWith(EndOfTalks.class)
class SilentPeerTest {
    private static final Duration A_MOMENT = Duration.ofNanos(1);

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-57")
    void noticesWithin40SecondsThatAllPacketsAreDropped(EchoFace face) {
        Conversation talk = face.open().says(text("last words")).hears("last words");
        talk.passes(Duration.ofSeconds(20).minus(A_MOMENT)).hearsNothing();
        talk.passes(A_MOMENT);
        assertThat(talk.next().opcode()).isEqualTo(ClientFrames.PING);
        talk.passes(Duration.ofSeconds(20).minus(A_MOMENT)).hearsNothing();
        assertThat(talk.isClosed()).isFalse();
        talk.passes(A_MOMENT);
        Closed how = talk.closed();
        assertThat(how.status().code()).isEqualTo(CloseStatus.ABNORMAL);
        assertThat(how.clean()).isFalse();
        talk.isOver();
        assertThat(talk.loop.hasTimers()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-57")
    void keepsAPeerOfWhichOnePacketComesThrough(EchoFace face) {
        Conversation talk = face.open();
        talk.passes(Duration.ofSeconds(20));
        assertThat(talk.next().opcode()).isEqualTo(ClientFrames.PING);
        talk.passes(Duration.ofSeconds(20).minus(A_MOMENT)).says(text("here")).hears("here");
        talk.passes(Duration.ofSeconds(20).minus(A_MOMENT)).hearsNothing();
        assertThat(talk.isClosed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("K5")
    void closesAnIdleConnectionWhereNoKeepAliveAsks(EchoFace face) {
        Conversation talk = Conversation.with(
                face.handler(), o -> o.keepAlive(KeepAlive.off()).idleTimeout(Duration.ofSeconds(7)));
        talk.passes(Duration.ofSeconds(7).minus(A_MOMENT)).says(text("not idle")).hears("not idle");
        talk.passes(Duration.ofSeconds(7).minus(A_MOMENT)).hearsNothing();
        talk.passes(A_MOMENT).hearsClose(1001);
        talk.says(ClientFrames.close(1001, "")).hearsEnd();
        assertThat(talk.closed().local()).isTrue();
        talk.hangsUp().isOver();
    }

    @Test
    @Tag("hostile-31")
    void boundsAThousandMessagesThatNeverFinish() {
        long before = usedHeap();
        List<Conversation> talks = new ArrayList<>();
        List<EchoFace> faces = List.of(EchoFace.values());
        for (int i = 0; i < 1_000; i++) {
            Conversation talk = faces.get(i % faces.size()).open();
            // Half of them announce all that the policy allows, the others never say how much is to come.
            byte[] begun = i % 2 == 0
                    ? ClientFrames.joined(header(FIN | TEXT, 1 << 20), new byte[4], utf8("begun"))
                    : frame(TEXT, utf8("begun"));
            talks.add(talk.says(begun));
        }
        assertThat(usedHeap() - before).as("bytes that a thousand such connections hold").isLessThan(250L << 20);
        for (Conversation talk : talks) {
            talk.passes(Duration.ofSeconds(30).minus(A_MOMENT));
            assertThat(talk.isClosed()).isFalse();
            talk.passes(A_MOMENT);
            assertThat(talk.next().opcode()).as("keep-alive's, before").isEqualTo(ClientFrames.PING);
            talk.hearsClose(1008).hearsEnd();
            assertThat(talk.closed().status().code()).isEqualTo(1008);
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
