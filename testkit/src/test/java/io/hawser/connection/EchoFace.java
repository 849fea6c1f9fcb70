// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.WebSocketHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** An echo in each of the faces, for what must be the same in all of them. */
public enum EchoFace {
    EACH,
    EACH_ASYNC,
    STREAMS,
    STREAMS_APART,
    DIRECT,
    FRAMES;

    /** The echo. */
    public WebSocketHandler handler() {
        return switch (this) {
            case EACH -> WebSocketHandler.each(message -> message);
            case EACH_ASYNC -> WebSocketHandler.eachAsync(CompletableFuture::completedFuture, 3);
            case STREAMS -> WebSocketHandler.streams(in -> in);
            case STREAMS_APART -> WebSocketHandler.streams(EchoFace::passedOn);
            case DIRECT -> WebSocketHandler.direct(socket -> {
                for (Message message : socket) {
                    socket.send(message);
                }
            });
            case FRAMES -> WebSocketHandler.frames(channel -> frame -> {
                if (!frame.opcode().isControl()) {
                    channel.send(frame);
                }
            });
        };
    }

    Conversation open() {
        return Conversation.with(handler());
    }

    /** As a publisher between the two would, that keeps to one message at a time. */
    private static Flow.Publisher<Message> passedOn(Flow.Publisher<Message> in) {
        return out -> in.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                out.onSubscribe(subscription);
            }

            @Override
            public void onNext(Message message) {
                out.onNext(message);
            }

            @Override
            public void onError(Throwable failure) {
                out.onError(failure);
            }

            @Override
            public void onComplete() {
                out.onComplete();
            }
        });
    }
}
