// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.MessagePolicy;
import io.hawser.WebSocketHandler;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A connection in memory whose loop runs on a thread of its own, as a real one does; its clock stands still. */
final class RunningTalk {
    /** More than any rule asks for; who is to give more than that never ends. */
    static final int MANY = 300;

    private static final long HANG_GUARD_SECONDS = 30;

    private final Queue<Consumer<Conversation>> steps = new ConcurrentLinkedQueue<>();
    private volatile TalkLoop loop;

    private RunningTalk() {}

    /** Opens a connection. Its thread ends with the tests. */
    static RunningTalk with(WebSocketHandler handler, MessagePolicy policy) {
        RunningTalk running = new RunningTalk();
        CompletableFuture<RunningTalk> opened = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("virtual-loop").start(() -> {
            try {
                Conversation talk = Conversation.with(handler, o -> o.messages(policy));
                running.loop = talk.loop;
                opened.complete(running);
                while (!talk.isClosed() || !talk.wire.isClosed()) {
                    running.takeSteps(talk);
                    talk.loop.run();
                    if (running.steps.isEmpty()) { // else one came while the loop went on
                        talk.loop.awaitTask();
                    }
                }
            } catch (Throwable failure) {
                opened.completeExceptionally(failure);
                throw failure;
            }
        });
        return await(opened);
    }

    private void takeSteps(Conversation talk) {
        Consumer<Conversation> step;
        while ((step = steps.poll()) != null) {
            step.accept(talk);
        }
    }

    static <T> T await(CompletableFuture<T> soon) {
        return soon.orTimeout(HANG_GUARD_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Does something on the thread that drives the loop. */
    void run(Consumer<Conversation> step) {
        steps.add(step);
        loop.execute(() -> {}); // so that it looks
    }
}
