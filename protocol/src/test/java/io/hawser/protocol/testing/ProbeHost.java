// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.FrameStage;
import io.hawser.protocol.engine.StageHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Stages for an engine in a test's hand, whose clock moves when a timer is run. */
public final class ProbeHost implements StageHost {
    private final List<FrameStage> stages;
    private final List<Timer> timers = new ArrayList<>();
    public final List<String> told = new ArrayList<>();
    public boolean rawFragments;
    private long now = EngineProbe.START;

    public ProbeHost(FrameStage... stages) {
        this.stages = List.of(stages);
    }

    /** Time goes on by the delay of the timer that was set first, which runs. */
    public void runTimer() {
        Timer first = timers.remove(0);
        now += first.delay.toNanos();
        first.task.run();
    }

    public int timers() {
        return timers.size();
    }

    public void pass(Duration time) {
        now += time.toNanos();
    }

    @Override
    public List<FrameStage> stages() {
        return stages;
    }

    @Override
    public boolean rawFragments() {
        return rawFragments;
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(delay, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void onRoundTrip(Duration time) {
        told.add("round trip " + time);
    }

    @Override
    public void onStageFailed(FrameStage stage, Throwable cause) {
        told.add(stages.indexOf(stage) + " failed: " + cause.getMessage());
    }

    private record Timer(Duration delay, Runnable task) {}
}
