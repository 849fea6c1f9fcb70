// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.CloseStatus;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A set of connections to send to, such as a chat room, in whichever faces. A member leaves by itself when its connection closes. Every
 * method may be called from any thread and none blocks; each member gets the messages of one thread in their order.
 *
 * <p>What a member does not take in time is bounded: while more bytes wait for it than its high-water mark allows, it counts as slow, and the
 * group, by the way it was made, drops what is sent for that member, or closes it.
 */
public final class ConnectionGroup implements Iterable<Connection> {
    private static final Attribute<Memberships> MEMBERSHIPS = Attribute.of("groups");
    private static final CloseStatus TOO_SLOW = CloseStatus.of(CloseStatus.POLICY_VIOLATION, "too slow to receive");

    private final boolean closesSlow;
    private final ConcurrentMap<Connection, Memberships> members = new ConcurrentHashMap<>();

    private ConnectionGroup(boolean closesSlow) {
        this.closesSlow = closesSlow;
    }

    /** A group without members, in which a slow one misses messages: for news of which the latest counts. */
    public static ConnectionGroup droppingSlow() {
        return new ConnectionGroup(false);
    }

    /**
     * A group without members, which a slow one has to leave: it is closed with 1008, "too slow to receive", behind what waits for it. For
     * messages of which none may be missed.
     */
    public static ConnectionGroup closingSlow() {
        return new ConnectionGroup(true);
    }

    /**
     * Adds a connection. One that is closed, or a member already, changes nothing.
     *
     * @return whether it was added
     */
    public boolean add(Connection connection) {
        Memberships ofConnection = Memberships.of(connection);
        boolean[] added = new boolean[1];
        members.computeIfAbsent(connection, absent -> {
            ofConnection.groups.add(this);
            added[0] = true;
            return ofConnection;
        });
        // Looked at behind the adding: a close that comes later finds this group among those to leave.
        if (ofConnection.over) {
            remove(connection);
            return false;
        }
        return added[0];
    }

    /**
     * Takes a connection out; it stays open.
     *
     * @return whether it was a member
     */
    public boolean remove(Connection connection) {
        boolean[] removed = new boolean[1];
        members.computeIfPresent(connection, (member, ofConnection) -> {
            ofConnection.groups.remove(this);
            removed[0] = true;
            return null;
        });
        return removed[0];
    }

    /** Whether this connection is a member. */
    public boolean contains(Connection connection) {
        return members.containsKey(connection);
    }

    /** How many members there are. */
    public int size() {
        return members.size();
    }

    /** The members; who comes or goes meanwhile may be among them or not. It removes nothing. */
    @Override
    public Iterator<Connection> iterator() {
        return Collections.unmodifiableSet(members.keySet()).iterator();
    }

    /**
     * Sends a message to all members. It is encoded once, and compressed once for all those with the same window (RFC 7692, 7.1.2): by
     * itself, without the help of what was sent before.
     *
     * @return how many took it: all but the slow ones and those that are closing
     * @throws IllegalArgumentException if it is a streamed message, whose content can be had only once
     */
    public int send(Message message) {
        Message shared = forMany(message);
        int taken = 0;
        for (Connection member : members.keySet()) {
            taken += give(member, shared);
        }
        return taken;
    }

    /**
     * Sends a message to all members except the one that it comes from; otherwise as {@link #send}.
     *
     * @param sender who is left out; need not be a member
     */
    public int sendToOthers(Connection sender, Message message) {
        Message shared = forMany(message);
        int taken = 0;
        for (Connection member : members.keySet()) {
            if (!member.equals(sender)) {
                taken += give(member, shared);
            }
        }
        return taken;
    }

    private int give(Connection member, Message message) {
        if (member.trySend(message)) {
            return 1;
        }
        if (closesSlow) {
            remove(member); // it is not asked again while what waits for it leaves
            member.closeAsync(TOO_SLOW);
        }
        return 0;
    }

    /**
     * Closes the connections of all members, behind what was sent to them.
     *
     * @throws IllegalArgumentException if the status is never sent (1005, 1006, 1015)
     */
    public void close(CloseStatus status) {
        status.requireSendable();
        members.keySet().forEach(member -> member.closeAsync(status));
    }

    private static Message forMany(Message message) {
        return switch (message) {
            case TextMessage.Strict text -> text.forMany();
            case BinaryMessage.Strict binary -> binary.forMany();
            case TextMessage.Streamed text -> throw streamed();
            case BinaryMessage.Streamed binary -> throw streamed();
        };
    }

    private static IllegalArgumentException streamed() {
        return new IllegalArgumentException(
                "a streamed message can be read only once and so not be sent to many; put it together first: toStrict(maxBytes, timeout)");
    }

    @Override
    public String toString() {
        return "group of " + size() + " connections";
    }

    /**
     * The groups that a connection is in. Kept with the connection, so that it waits for its end once, not once for each time that it joins
     * a group. Two threads that are the first to add a connection may make two of these, which does no harm: each takes it out of groups.
     */
    private static final class Memberships {
        final Set<ConnectionGroup> groups = ConcurrentHashMap.newKeySet();
        volatile boolean over;

        static Memberships of(Connection connection) {
            return connection.get(MEMBERSHIPS).orElseGet(() -> {
                Memberships first = new Memberships();
                connection.set(MEMBERSHIPS, first);
                connection.closed().thenRun(() -> first.leaveAll(connection));
                return first;
            });
        }

        private void leaveAll(Connection connection) {
            over = true;
            groups.forEach(group -> group.remove(connection));
        }
    }
}
