// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.connection.LoopWatch;
import io.hawser.http.Application;
import io.netty.channel.EventLoop;

/** The loop of a request's connection. */
record ChannelLoop(EventLoop loop) implements Application.Loop {
    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    @Override
    public LoopWatch watch() {
        return LoopTasks.of(loop).watch();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }
}
