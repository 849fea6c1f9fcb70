// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.connection.LoopWatch;
import io.hawser.http.Application;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** The loop of a connection, for the one request that is under way on it. */
final class RequestLoop implements Application.Loop {
    private final ChannelHandlerContext context;
    private final LoopTasks tasks;
    private final Deadline answerDue;
    private @Nullable RequestBody body;

    /** The loop of a channel; on it. */
    RequestLoop(ChannelHandlerContext context) {
        this.context = context;
        this.tasks = LoopTasks.of(context.channel().eventLoop());
        this.answerDue = new Deadline(context.executor());
    }

    /** A request comes. */
    void begin(@Nullable RequestBody itsBody) {
        body = itsBody;
    }

    /** None comes any more. */
    void end() {
        answerDue.end();
    }

    /** Runs what answers a request on this loop; if that fails, so does the connection, as nothing else would tell the client. */
    void guard(Runnable answering) {
        try {
            answering.run();
        } catch (Throwable failure) { // whoever calls this may keep it to itself, as a stage does
            context.pipeline().fireExceptionCaught(failure);
        }
    }

    @Override
    public boolean isCurrent() {
        return context.executor().inEventLoop();
    }

    @Override
    public LoopWatch watch() {
        return tasks.watch();
    }

    @Override
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    @Override
    public Runnable schedule(Runnable task, long delayNanos) {
        answerDue.set(delayNanos, task);
        return answerDue::clear;
    }

    /** The present instant of its clock. */
    long nanoTime() {
        return context.executor().ticker().nanoTime();
    }

    @Override
    public long nanosSinceInput() {
        RequestBody read = body;
        return read == null ? Long.MAX_VALUE : read.nanosSinceGiven(nanoTime());
    }
}
