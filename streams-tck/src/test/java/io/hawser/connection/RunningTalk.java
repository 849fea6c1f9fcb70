// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.MessagePolicy;
import io.hawser.WebSocketHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A connection in memory whose loop runs on a thread of its own, as a real one does; its clock stands still. */
final class RunningTalk {
    /** More than any rule asks for; who is to give more than that never ends. */
    static final int MANY = 300;

    private static final long HANG_GUARD_SECONDS = 30;

    private final Conversation talk;

    private RunningTalk(Conversation talk) {
        this.talk = talk;
    }

    /** Opens a connection. Its thread ends with the tests. */
    static RunningTalk with(WebSocketHandler handler, MessagePolicy policy) {
        CompletableFuture<Conversation> opened = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("virtual-loop").start(() -> {
            try {
                Conversation talk = Conversation.with(handler, o -> o.messages(policy));
                opened.complete(talk);
                while (!talk.isClosed() || !talk.wire.isClosed()) {
                    talk.loop.run();
                    LockSupport.park(talk); // each task wakes it; with its clock, all else stands still
                }
            } catch (Throwable failure) {
                opened.completeExceptionally(failure);
                throw failure;
            }
        });
        return new RunningTalk(await(opened));
    }

    static <T> T await(CompletableFuture<T> soon) {
        return soon.orTimeout(HANG_GUARD_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Does something on the loop. */
    void run(Consumer<Conversation> step) {
        talk.loop.execute(() -> step.accept(talk));
    }
}
