// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The frames that passed one end of a connection, with their times; on the loop, and for the test's thread while that does not drive. */
public final class Transcript implements Tap {
    private final World world;
    private final List<Entry> entries = new ArrayList<>();
    private final SeenFrames sent = new SeenFrames(frame -> add(true, frame));
    private final SeenFrames received = new SeenFrames(frame -> add(false, frame));

    /**
     * A frame that passed.
     *
     * @param at what had passed since the beginning
     * @param sent whether this end sent it
     */
    public record Entry(Duration at, boolean sent, SeenFrame frame) {}

    public Transcript(World world) {
        this.world = world;
    }

    private void add(boolean fromHere, SeenFrame frame) {
        entries.add(new Entry(world.elapsed(), fromHere, frame));
    }

    @Override
    public void sent(byte[] bytes) {
        sent.take(bytes);
    }

    @Override
    public void received(byte[] bytes) {
        received.take(bytes);
    }

    /** All of them, in their order. */
    public List<Entry> entries() {
        return entries;
    }
}
