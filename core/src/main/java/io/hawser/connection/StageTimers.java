// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.protocol.FrameStage;
import io.hawser.protocol.engine.StageHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the user's stages of a connection need of it: the clock, and timers that end with the connection. */
final class StageTimers implements StageHost {
    private static final Logger LOG = LoggerFactory.getLogger(StageTimers.class);

    private final LiveConnection live;
    private final List<FrameStage> stages;
    private final Set<Timer> timers = new HashSet<>();

    private StageTimers(LiveConnection live, List<FrameStage> stages) {
        this.live = live;
        this.stages = stages;
    }

    /** For a connection that has stages. */
    static @Nullable StageTimers of(LiveConnection live) {
        List<FrameStage> stages = new ArrayList<>(live.options().stages());
        if (live.options().frameLog()) {
            stages.add(0, new FrameLog(live));
        }
        return stages.isEmpty() ? null : new StageTimers(live, List.copyOf(stages));
    }

    @Override
    public List<FrameStage> stages() {
        return stages;
    }

    @Override
    public boolean rawFragments() {
        return live.options().rawFragments();
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        if (live.ending() != null) {
            return () -> {};
        }
        Timer timer = new Timer(task);
        timers.add(timer);
        timer.start(delay);
        return timer::cancel;
    }

    /** The connection is closed: nothing of its stages runs any more. */
    void cancelAll() {
        List.copyOf(timers).forEach(Timer::cancel);
    }

    @Override
    public long nanoTime() {
        return live.wire().nanoTime();
    }

    @Override
    public void onRoundTrip(Duration time) {
        live.onRoundTrip(time);
    }

    @Override
    public void onStageFailed(FrameStage stage, Throwable cause) {
        LOG.error(
                "stage {} of {} from {} failed, closing with 1011",
                stage,
                live.request(),
                live.wire().remoteAddress(),
                cause);
        live.wire().surroundings().onFailure(cause);
    }

    private final class Timer {
        private final Runnable task;
        private Runnable stop = () -> {};

        Timer(Runnable task) {
            this.task = task;
        }

        void start(Duration delay) {
            stop = live.wire().schedule(() -> live.onLoop(this::run), delay.toNanos());
        }

        private void run() {
            if (timers.remove(this)) {
                task.run();
            }
        }

        void cancel() {
            if (timers.remove(this)) {
                stop.run();
            }
        }
    }
}
