// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The frames that passed one end of a connection, with their times; on the loop, and for the test's thread while that does not drive. */
public final class Transcript implements Tap {
    private final World world;
    private final Duration began;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private final SeenFrames sent = new SeenFrames(frame -> add(true, frame));
    private final SeenFrames received = new SeenFrames(frame -> add(false, frame));

    /**
     * A frame that passed.
     *
     * @param at what had passed since the beginning
     * @param sent whether this end sent it
     */
    public record Entry(Duration at, boolean sent, SeenFrame frame) {}

    /**
     * The end of one direction, or of both.
     *
     * @param at what had passed since the beginning
     * @param sent whether this end ended or broke it
     * @param reset whether the connection broke
     * @param behind how many frames had passed
     */
    public record Mark(Duration at, boolean sent, boolean reset, int behind) {}

    /** Nothing so far; the connection begins now. */
    public Transcript(World world) {
        this.world = world;
        this.began = world.elapsed();
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

    @Override
    public void ended(boolean fromHere) {
        marks.add(new Mark(world.elapsed(), fromHere, false, entries.size()));
    }

    @Override
    public void reset(boolean fromHere) {
        marks.add(new Mark(world.elapsed(), fromHere, true, entries.size()));
    }

    /** When the connection began: what had passed since the beginning of all. */
    public Duration began() {
        return began;
    }

    /** How it ended, in its order. */
    public List<Mark> marks() {
        return marks;
    }

    /** All of them, in their order. */
    public List<Entry> entries() {
        return entries;
    }
}
