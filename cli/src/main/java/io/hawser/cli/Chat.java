// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static io.hawser.WebSocketHandler.frames;

import io.hawser.ConnectionGroup;
import io.hawser.FrameChannel;
import io.hawser.FrameHandler;
import io.hawser.HttpStatusException;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Rooms in which people talk: what one says all of a room hear, in the same order, the one who said it too. Two subprotocols are spoken,
 * {@code chat.v1} in which a message is a text, and {@code chat.v2} in which it is JSON with a name and, from the server, the time in UTC. Both
 * may be in one room: of what is said in the second the first hears the text, and what is said in the first has {@link Said#NO_NAME no name}
 * in the second.
 *
 * <p>A room is there while somebody is in it. Who is too slow to hear has to leave, and holds up nobody.
 */
final class Chat {
    static final int MAX_ROOMS = 1_000;
    static final int MAX_MEMBERS = 100;
    static final int MAX_ROOM_NAME = 64;

    /** Enough for the longest text where each of its characters is written as two escapes, {@code \ud83d\ude00}. */
    private static final int MAX_MESSAGE_BYTES = 32 << 10;
    /** A burst of many messages is no sign of a slow reader. */
    private static final int WAITING_BYTES = 256 << 10;
    private static final int TRY_AGAIN_LATER = 1013;

    private final InstantSource clock;
    private final ReentrantLock door = new ReentrantLock();
    /** Under the lock of the door, and so is how many are in each. */
    private final Map<String, Room> rooms = new HashMap<>();

    Chat(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Somebody in a room who speaks {@code chat.v1}. Not for event loops, as the first call takes some time.
     *
     * @throws HttpStatusException with 400 if that is no name of a room, with 503 if there is no place
     */
    WebSocketHandler plain(String room) {
        return member(room, r -> r.plain, Said::unnamed);
    }

    /** Somebody in a room who speaks {@code chat.v2}; as {@link #plain}. */
    WebSocketHandler named(String room) {
        return member(room, r -> r.named, Said::ofJson);
    }

    /** How a subprotocol is understood. */
    @FunctionalInterface
    private interface Language {
        Said understand(String message) throws Said.RefusedException;
    }

    private WebSocketHandler member(String name, Function<Room, ConnectionGroup> hearing, Language language) {
        requirePlace(name);
        Said.warmUp();
        return frames(channel -> {
            Room room;
            try {
                room = enter(name);
            } catch (HttpStatusException full) { // since the request was answered
                channel.closeAsync(CloseStatus.of(TRY_AGAIN_LATER, String.valueOf(full.getMessage())));
                return frame -> {};
            }
            channel.closed().thenRun(() -> leave(room));
            Member member = new Member(channel, room, hearing.apply(room), language);
            member.hearers.add(channel);
            return member;
        }).with(o -> o.messages(MessagePolicy.strict(MAX_MESSAGE_BYTES)).waterMarks(WAITING_BYTES, WAITING_BYTES / 2));
    }

    private Room enter(String name) {
        door.lock();
        try {
            requirePlace(name);
            Room room = rooms.computeIfAbsent(name, Room::new);
            room.members++;
            return room;
        } finally {
            door.unlock();
        }
    }

    private void leave(Room room) {
        door.lock();
        try {
            room.members--;
            if (room.members == 0) {
                rooms.remove(room.name);
            }
        } finally {
            door.unlock();
        }
    }

    /** Refuses the name of no room with 400, and where no place is left with 503. */
    private void requirePlace(String name) {
        if (name.codePointCount(0, name.length()) > MAX_ROOM_NAME) {
            throw new HttpStatusException(400, "The name of a room has up to " + MAX_ROOM_NAME + " characters");
        }
        door.lock();
        try {
            Room room = rooms.get(name);
            if (room == null && rooms.size() == MAX_ROOMS) {
                throw new HttpStatusException(503, "All " + MAX_ROOMS + " rooms are taken");
            }
            if (room != null && room.members == MAX_MEMBERS) {
                throw new HttpStatusException(503, "The room is full: " + MAX_MEMBERS + " are in it");
            }
        } finally {
            door.unlock();
        }
    }

    /** How many rooms somebody is in. */
    int rooms() {
        door.lock();
        try {
            return rooms.size();
        } finally {
            door.unlock();
        }
    }

    /** Who is in a room, by what they speak. */
    private final class Room {
        private final String name;
        private final ConnectionGroup plain = ConnectionGroup.closingSlow();
        private final ConnectionGroup named = ConnectionGroup.closingSlow();
        private final ReentrantLock turn = new ReentrantLock();
        private int members;

        Room(String name) {
            this.name = name;
        }

        /** Tells it to all. One at a time, so that they hear it in one order, which is that of the times. Nothing waits meanwhile. */
        void tell(Said said) {
            turn.lock();
            try {
                Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
                plain.send(TextMessage.of(said.text()));
                named.send(TextMessage.of(said.toJson(now)));
            } finally {
                turn.unlock();
            }
        }
    }

    /**
     * Somebody in a room. Frames are its face since that begins with the connection: whoever knows to be connected hears all that is said.
     *
     * @param hearers those of the room who speak the same; out of whom it is who has to leave, and is heard no more
     */
    private record Member(FrameChannel channel, Room room, ConnectionGroup hearers, Language language) implements FrameHandler {
        @Override
        public void onFrame(Frame frame) {
            if (!hearers.contains(channel)) {
                return;
            }
            try {
                switch (frame.opcode()) {
                    case TEXT -> room.tell(language.understand(frame.text()));
                    case BINARY -> throw new Said.RefusedException(CloseStatus.UNSUPPORTED_DATA, "text only");
                    case CONTINUATION, CLOSE, PING, PONG -> {}
                }
            } catch (Said.RefusedException refused) {
                hearers.remove(channel);
                channel.closeAsync(refused.status());
            }
        }
    }
}
