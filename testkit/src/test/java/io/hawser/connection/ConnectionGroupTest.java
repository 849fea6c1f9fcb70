// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.BinaryMessage;
import io.hawser.Connection;
import io.hawser.ConnectionGroup;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(EndOfTalks.class)
class ConnectionGroupTest {
    private static final Message LARGE = TextMessage.of("x".repeat(100 << 10));
    private static final ServerFrame LARGE_FRAME = ServerFrame.text("x".repeat(100 << 10));

    private final ConnectionGroup room = ConnectionGroup.droppingSlow();

    /** A conversation whose connection is known. */
    private record Guest(Conversation talk, Connection connection) {
        static Guest in(ConnectionTest.ShownIn face) {
            CompletableFuture<Connection> shown = new CompletableFuture<>();
            Conversation talk = Conversation.with(face.handler(shown));
            talk.awaits("the handler is opened", shown::isDone);
            return new Guest(talk, shown.join());
        }

        static Guest of(ConnectionGroup group) {
            Guest guest = in(ConnectionTest.ShownIn.FRAMES);
            assertThat(group.add(guest.connection)).isTrue();
            return guest;
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsToAllMembers(ConnectionTest.ShownIn face) {
        Guest one = Guest.in(face);
        Guest two = Guest.in(face);
        assertThat(room.add(one.connection)).isTrue();
        assertThat(room.add(two.connection)).isTrue();
        assertThat(room.add(two.connection)).as("a member already").isFalse();
        assertThat(room.send(TextMessage.of("hello"))).isEqualTo(2);
        one.talk.hears("hello").hearsNothing();
        two.talk.hears("hello").hearsNothing();
        assertThat(room.remove(one.connection)).isTrue();
        assertThat(room.remove(one.connection)).isFalse();
        assertThat(room.send(TextMessage.of("again"))).isEqualTo(1);
        one.talk.hearsNothing();
        two.talk.hears("again");
        assertThat(room).containsExactly(two.connection);
        assertThat(room.contains(one.connection)).isFalse();
        assertThat(room).hasToString("group of 1 connections");
    }

    @Test
    void leavesTheSenderOut() {
        Guest sender = Guest.of(room);
        Guest other = Guest.of(room);
        assertThat(room.sendToOthers(sender.connection, TextMessage.of("hello"))).isEqualTo(1);
        sender.talk.hearsNothing();
        other.talk.hears("hello");
        assertThat(room.sendToOthers(Guest.in(ConnectionTest.ShownIn.FRAMES).connection, TextMessage.of("all")))
                .isEqualTo(2);
    }

    @Test
    void isLeftByMembersThatClose() {
        Guest closes = Guest.of(room);
        Guest breaks = Guest.of(room);
        Guest stays = Guest.of(room);
        closes.talk.says(ClientFrames.close(1000, ""));
        breaks.talk.resets();
        assertThat(room).containsExactly(stays.connection);
        assertThat(room.send(TextMessage.of("a"))).isEqualTo(1);
    }

    @Test
    void takesNoConnectionThatIsClosed() {
        Guest gone = Guest.in(ConnectionTest.ShownIn.FRAMES);
        gone.talk.resets();
        assertThat(room.add(gone.connection)).isFalse();
        assertThat(room.size()).isZero();
        Guest known = Guest.of(room);
        known.talk.resets();
        assertThat(room.add(known.connection)).isFalse();
        assertThat(room.size()).isZero();
    }

    @Test
    void isLeftAtTheEndByWhoHasComeAndGoneBefore() {
        Guest guest = Guest.of(room);
        ConnectionGroup other = ConnectionGroup.closingSlow();
        for (int i = 0; i < 100; i++) {
            room.remove(guest.connection);
            room.add(guest.connection);
            other.add(guest.connection);
        }
        guest.talk.resets();
        assertThat(room.size()).isZero();
        assertThat(other.size()).isZero();
    }

    @Test
    void dropsForASlowMemberWhatItDoesNotTake() {
        Guest slow = Guest.of(room);
        Guest quick = Guest.of(room);
        slow.talk.wire.acceptNothing();
        assertThat(room.send(LARGE)).isEqualTo(2);
        slow.talk.hearsNothing();
        quick.talk.hears(LARGE_FRAME);
        assertThat(room.send(TextMessage.of("missed"))).isEqualTo(1);
        assertThat(room.size()).isEqualTo(2);
        slow.talk.wire.acceptAll();
        slow.talk.hears(LARGE_FRAME).hearsNothing();
        assertThat(room.send(TextMessage.of("after"))).isEqualTo(2);
        slow.talk.hears("after");
        quick.talk.hears("missed", "after");
    }

    @Test
    void closesASlowMemberBehindWhatWaits() {
        ConnectionGroup strict = ConnectionGroup.closingSlow();
        Guest slow = Guest.of(strict);
        Guest quick = Guest.of(strict);
        slow.talk.wire.acceptNothing();
        assertThat(strict.send(LARGE)).isEqualTo(2);
        quick.talk.hears(LARGE_FRAME);
        assertThat(strict.send(TextMessage.of("too much"))).isEqualTo(1);
        assertThat(strict).containsExactly(quick.connection);
        slow.talk.wire.acceptAll();
        slow.talk.hears(LARGE_FRAME).hears(ServerFrame.close(1008, "too slow to receive")).hearsNothing();
        quick.talk.hears("too much");
    }

    @Test
    void cutsASlowMemberOffThatTakesNothing() {
        ConnectionGroup strict = ConnectionGroup.closingSlow();
        Guest slow = Guest.of(strict);
        slow.talk.wire.acceptNothing();
        strict.send(LARGE);
        strict.send(LARGE);
        slow.talk.passes(Duration.ofSeconds(30));
        assertThat(slow.talk.closed().clean()).isFalse();
        slow.talk.isOver();
    }

    @Test
    void countsNoMemberThatIsClosing() {
        Guest guest = Guest.of(room);
        guest.connection.closeAsync(CloseStatus.of(1000));
        assertThat(room.send(TextMessage.of("a"))).isZero();
        guest.talk.hears(ServerFrame.close(1000)).hearsNothing();
    }

    @Test
    void refusesStreamedMessages() {
        Guest guest = Guest.of(room);
        Message text = TextMessage.streamed(new ChunksOfNothing<>());
        Message binary = BinaryMessage.streamed(new ChunksOfNothing<>());
        for (Message streamed : List.of(text, binary)) {
            assertThatThrownBy(() -> room.send(streamed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("toStrict(maxBytes, timeout)");
            assertThatThrownBy(() -> room.sendToOthers(guest.connection, streamed))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        guest.talk.hearsNothing();
    }

    private static final class ChunksOfNothing<C> implements Flow.Publisher<C> {
        @Override
        public void subscribe(Flow.Subscriber<? super C> subscriber) {
            throw new AssertionError("nobody reads this");
        }
    }

    @Test
    void closesAllMembers() {
        Guest one = Guest.of(room);
        Guest two = Guest.of(room);
        room.close(CloseStatus.of(4000, "the room is shut"));
        for (Guest guest : List.of(one, two)) {
            guest.talk.hears(ServerFrame.close(4000, "the room is shut")).says(ClientFrames.close(4000, "")).hearsEnd();
        }
        assertThat(room.size()).isZero();
        assertThatThrownBy(() -> room.close(CloseStatus.of(1006))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void removesNothingByIterating() {
        Guest.of(room);
        Iterator<Connection> members = room.iterator();
        members.next();
        assertThatThrownBy(members::remove).isInstanceOf(UnsupportedOperationException.class);
        assertThat(room.size()).isEqualTo(1);
    }

    /** Threads add a connection and take it out again, while it closes: whatever comes first, it is out in the end. */
    @Test
    void losesNoMemberThatClosesWhileItIsAdded() throws Exception {
        int threads = 4;
        int rounds = 500;
        List<Guest> guests = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            guests.add(Guest.in(ConnectionTest.ShownIn.FRAMES));
        }
        AtomicInteger added = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(threads + 1);
        CountDownLatch done = new CountDownLatch(threads);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        for (int i = 0; i < threads; i++) {
            boolean removes = i % 2 == 1;
            Thread.ofPlatform().start(() -> {
                try {
                    for (Guest guest : guests) {
                        together.await();
                        added.addAndGet(room.add(guest.connection) ? 1 : 0);
                        if (removes) {
                            room.remove(guest.connection);
                            added.addAndGet(room.add(guest.connection) ? 1 : 0);
                        }
                    }
                } catch (Exception failure) {
                    failures.add(failure);
                } finally {
                    done.countDown();
                }
            });
        }
        for (Guest guest : guests) {
            together.await();
            guest.talk.resets();
        }
        done.await();
        assertThat(failures).isEmpty();
        assertThat(room.size()).isZero();
        assertThat(added.get()).as("some were members for a while").isPositive();
    }

    /** Members that are on loops of their own, and a handler that sends: each gets all, in order. */
    @Test
    void sendsFromAHandlerToTheOtherConnections() {
        WebSocketHandler chat = WebSocketHandler.frames(channel -> {
            room.add(channel);
            return frame -> room.send(TextMessage.of(frame.text()));
        });
        Conversation one = Conversation.with(chat);
        Conversation two = Conversation.with(chat);
        one.says(ClientFrames.text("a"), ClientFrames.text("b")).hears("a", "b");
        two.hears("a", "b").says(ClientFrames.text("c")).hears("c");
        one.hears("c");
    }
}
