// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.WebSocketHandler;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Answers each message with one that comes later; works at several messages at a time, and sends the answers in the messages' order. */
final class EachAsyncFace extends MessageFace {
    private final WebSocketHandler.Face.EachAsync each;
    private final ArrayDeque<CompletableFuture<? extends Message>> answers = new ArrayDeque<>();
    private boolean requested;

    EachAsyncFace(LiveConnection live, WebSocketHandler.Face.EachAsync each) {
        super(live);
        this.each = each;
    }

    @Override
    void onOpen() {
        goOn();
    }

    @Override
    void onWritable() {
        goOn();
    }

    @Override
    void onMessage(Message message) {
        requested = false;
        guard(() -> {
            CompletableFuture<? extends Message> answer = each.answer().apply(message).toCompletableFuture();
            answers.addLast(answer);
            live.wire().surroundings().holdFor(answer);
            answer.whenComplete((result, failure) -> live.onLoop(this::goOn));
        });
        goOn();
    }

    /** Sends the answers that are there, as far as none before them is missing, and takes the next message if there is room. */
    private void goOn() {
        while (!answers.isEmpty() && answers.getFirst().isDone() && live.output().takesMessages()) {
            CompletableFuture<? extends Message> answer = answers.removeFirst();
            guard(() -> live.output().send(resultOf(answer), null));
        }
        if (!requested && answers.size() < each.parallelism() && live.output().takesMessages()) {
            requested = true;
            intake.request(1);
        }
    }

    private static Message resultOf(CompletableFuture<? extends Message> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
