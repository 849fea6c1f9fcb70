// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

/**
 * A wire whose other end is in a test's hand.
 *
 * @param wire this side's, which nobody has opened
 * @param peer the other end
 * @param toWire the way of what the peer sends
 * @param toPeer the way of what this side sends
 */
public record HandHeld(MemoryWire wire, HandEnd peer, Link toWire, Link toPeer) {
    /**
     * A new one.
     *
     * @param addresses as this side sees them
     * @param tap sees what passes this side's end
     */
    public static HandHeld in(World world, MemoryWire.Addresses addresses, Tap tap) {
        Link toWire = new Link(world);
        Link toPeer = new Link(world);
        MemoryWire wire = new MemoryWire(world, toPeer, toWire, addresses, tap);
        HandEnd peer = new HandEnd(toWire, toPeer, Tap.NONE);
        Link.join(wire, toPeer, peer, toWire);
        return new HandHeld(wire, peer, toWire, toPeer);
    }
}
