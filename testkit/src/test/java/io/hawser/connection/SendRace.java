// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * One connection on which several threads send, each in another way, until it has ended and beyond. The test's thread is the loop and the
 * peer. What a sender sends says whose it is and which of his, so that the wire tells what became of it.
 */
final class SendRace {
    private static final int COUNTED = 100;
    private static final int TRIED = 60;
    private static final int PINGS = 20;
    private static final int LARGE_BYTES = 70_000;
    private static final CloseStatus OURS = CloseStatus.of(4001);

    private final End end;
    private final int endsAfter;
    private final Random chance;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicReference<Face> face = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Results plain = new Results("plain", COUNTED);
    private final Results staged = new Results("staged", COUNTED);
    private final Results pings = new Results("ping", PINGS);
    private final AtomicInteger blockingSends = new AtomicInteger();
    private final AtomicInteger blockingReturns = new AtomicInteger();
    private final AtomicInteger blockingFailures = new AtomicInteger();
    private final AtomicInteger tried = new AtomicInteger();
    private final Conversation talk;
    private final Peer peer;

    /** Who ends the connection, and how. */
    enum End {
        OUR_CLOSE,
        THEIR_CLOSE,
        BOTH,
        ABORT,
        RESET
    }

    SendRace(End end, boolean direct, Random chance) {
        this.end = end;
        this.chance = chance;
        this.endsAfter = 1 + chance.nextInt(250);
        this.talk = Conversation.opening(direct ? WebSocketHandler.direct(this::sendBlocking) : frames());
        this.peer = new Peer(talk);
    }

    private WebSocketHandler frames() {
        return WebSocketHandler.frames(channel -> {
            face.set((Face) channel);
            return frame -> {};
        });
    }

    /** The results of one sender's messages: how often each was told, and what. */
    private static final class Results {
        private final String name;
        private final AtomicIntegerArray accepted;
        private final AtomicIntegerArray refused;
        /** Failures that none of the connection's ends explains; judged in the end, since nobody hears of what a callback throws. */
        private final Queue<Throwable> wrongFailures = new ConcurrentLinkedQueue<>();

        Results(String name, int sends) {
            this.name = name;
            this.accepted = new AtomicIntegerArray(sends);
            this.refused = new AtomicIntegerArray(sends);
        }

        void tell(int number, boolean sent) {
            (sent ? accepted : refused).incrementAndGet(number);
        }

        void tell(int number, Throwable failure) {
            tell(number, failure == null);
            if (failure != null && !(failure instanceof WebSocketClosedException)) {
                wrongFailures.add(failure);
            }
        }

        boolean isAccepted(int number) {
            return accepted.get(number) > 0;
        }

        int verify() {
            assertThat(wrongFailures).as("failures of %s", name).isEmpty();
            for (int i = 0; i < accepted.length(); i++) {
                assertThat(accepted.get(i) + refused.get(i)).as("results of %s %s", name, i).isEqualTo(1);
            }
            return accepted.length();
        }
    }

    // ---- the senders

    void run() {
        talk.loop.await("the handler runs", () -> face.get() != null);
        List<Thread> senders = List.of(
                sender(COUNTED, i -> face.get().live.output().send(message("plain", i), sent -> plain.tell(i, sent))),
                sender(COUNTED, i -> face.get()
                        .sendAsync(message("staged", i))
                        .whenComplete((sent, failure) -> staged.tell(i, failure))),
                sender(TRIED, i -> {
                    if (face.get().trySend(message("tried", i))) {
                        tried.incrementAndGet();
                    }
                }),
                sender(PINGS, i -> face.get().pingAsync().whenComplete((time, failure) -> pings.tell(i, failure))));
        talk.loop.await("the end", () -> {
            peer.takeTurn();
            return talk.isClosed();
        });
        over.countDown();
        talk.loop.await("the senders", () -> senders.stream().noneMatch(Thread::isAlive) && !isSendingBlocked());
        talk.wire.acceptAll();
        talk.hangsUp().passes(Duration.ofSeconds(3)).isOver();
        peer.read();
    }

    private Thread sender(int sends, IntConsumer send) {
        return Thread.ofVirtual().start(() -> {
            for (int i = 0; i < sends; i++) {
                count();
                send.accept(i);
                if (i == sends - 3) {
                    awaitEnd(); // the last ones come too late
                }
            }
        });
    }

    private void awaitEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void sendBlocking(WebSocket socket) {
        face.set((Face) socket);
        try {
            while (true) {
                count();
                int number = blockingSends.getAndIncrement();
                socket.send(message("blocking", number));
                blockingReturns.incrementAndGet();
            }
        } catch (WebSocketClosedException e) {
            blockingFailures.incrementAndGet();
            throw e;
        }
    }

    private boolean isSendingBlocked() {
        return blockingSends.get() > blockingReturns.get() + blockingFailures.get();
    }

    /** Ends the connection from the thread that sends, where this is its turn; the peer's part is his own. */
    private void count() {
        if (begun.incrementAndGet() == endsAfter) {
            switch (end) {
                case OUR_CLOSE, BOTH -> face.get().closeAsync(OURS);
                case ABORT -> face.get().abort();
                case THEIR_CLOSE, RESET -> {}
            }
        }
    }

    /** One in eight is streamed in three chunks; a few are so long that they leave in fragments while others wait. */
    private static Message message(String sender, int number) {
        String name = sender + ":" + number;
        if (number == 37) {
            byte[] large = new byte[LARGE_BYTES];
            byte[] begin = (name + ":").getBytes(StandardCharsets.UTF_8);
            System.arraycopy(begin, 0, large, 0, begin.length);
            return BinaryMessage.wrap(large);
        }
        return number % 8 == 3 ? TextMessage.streamed(chunks(List.of(name, ":", "streamed"))) : TextMessage.of(name + ":");
    }

    private static Flow.Publisher<String> chunks(List<String> chunks) {
        return out -> out.onSubscribe(new Flow.Subscription() {
            private int next;
            private long wanted;
            private boolean giving;

            @Override
            public void request(long n) {
                wanted += n;
                if (giving) {
                    return;
                }
                giving = true;
                while (wanted > 0 && next < chunks.size()) {
                    wanted--;
                    out.onNext(chunks.get(next++));
                    if (next == chunks.size()) {
                        out.onComplete();
                    }
                }
                giving = false;
            }

            @Override
            public void cancel() {
                next = chunks.size();
            }
        });
    }

    // ---- the peer, on the loop

    /** Reads all that comes, and answers pings and the close; ends the connection where that is his part. */
    private final class Peer {
        private final Conversation conversation;
        private final List<ServerFrame> heard = new ArrayList<>();
        private int heardBytes;
        private int answered;
        private boolean done;

        Peer(Conversation conversation) {
            this.conversation = conversation;
            conversation.wire.acceptNothing();
        }

        void takeTurn() {
            conversation.wire.accept(1 + chance.nextInt(40_000));
            read();
            if (!done && begun.get() >= endsAfter) {
                switch (end) {
                    case THEIR_CLOSE, BOTH -> finish(ClientFrames.close(4000, ""));
                    case RESET -> {
                        done = true;
                        conversation.resets();
                    }
                    case OUR_CLOSE, ABORT -> {}
                }
            }
        }

        private void finish(byte[] close) {
            done = true;
            conversation.says(close);
        }

        void read() {
            var bytes = conversation.wire.acceptedFrom(heardBytes);
            int all = bytes.remaining();
            while (true) {
                var frame = ServerFrame.read(bytes);
                if (frame.isEmpty()) {
                    break;
                }
                heard.add(frame.get());
            }
            heardBytes += all - bytes.remaining();
            answer();
        }

        private void answer() {
            while (answered < heard.size()) {
                ServerFrame frame = heard.get(answered++);
                if (frame.opcode() == ClientFrames.PING && !done && answered % 2 == 0) {
                    conversation.saysOnly(ClientFrames.pong(frame.bytes()));
                } else if (frame.opcode() == ClientFrames.CLOSE && !done) {
                    finish(ClientFrames.close(OURS.code(), ""));
                }
            }
        }
    }

    // ---- what came of it

    /** How many results were told. */
    int verify() {
        Map<String, List<Integer>> messages = messages();
        int told = plain.verify() + staged.verify();
        pings.verify();
        boolean orderly = end == End.OUR_CLOSE || end == End.THEIR_CLOSE || end == End.BOTH;
        for (Results results : List.of(plain, staged)) {
            List<Integer> arrived = messages.getOrDefault(results.name, List.of());
            for (int i = 0; i < COUNTED; i++) {
                boolean there = arrived.size() > i;
                // Cut off, the connection may end before it has seen what the transport accepted.
                assertThat(results.isAccepted(i)).as("%s %s, %s", results.name, i, end).isIn(there, there && orderly);
            }
        }
        messages.forEach((sender, numbers) -> {
            assertThat(numbers).as("order of %s", sender).isSorted().doesNotHaveDuplicates();
            if (!sender.equals("tried")) {
                assertThat(numbers.getLast()).as("gaps of %s", sender).isEqualTo(numbers.size() - 1);
            }
        });
        assertThat(messages.getOrDefault("tried", List.of())).hasSizeLessThanOrEqualTo(tried.get());
        assertThat(messages.getOrDefault("blocking", List.of())).hasSizeLessThanOrEqualTo(blockingSends.get());
        assertThat(blockingSends.get()).isEqualTo(blockingReturns.get() + blockingFailures.get());
        verifyEnd();
        return told;
    }

    private void verifyEnd() {
        List<ServerFrame> closes =
                peer.heard.stream().filter(frame -> frame.opcode() == ClientFrames.CLOSE).toList();
        Closed how = talk.closed();
        switch (end) {
            case OUR_CLOSE -> assertThat(how.status()).isEqualTo(OURS);
            case THEIR_CLOSE -> assertThat(how.status().code()).isEqualTo(4000);
            case BOTH -> assertThat(how.status().code()).isIn(4000, 4001);
            case ABORT, RESET -> assertThat(how.status().code()).isEqualTo(CloseStatus.ABNORMAL);
        }
        assertThat(closes).hasSize(end == End.ABORT || end == End.RESET ? 0 : 1);
        if (!closes.isEmpty()) {
            assertThat(how.clean()).isTrue();
            assertThat(peer.heard.getLast()).as("nothing follows the close").isEqualTo(closes.getFirst());
            assertThat(talk.wire.acceptedFrom(peer.heardBytes).remaining()).isZero();
        }
    }

    /** The numbers of the messages that came, by sender; each is whole and none stands inside another. */
    private Map<String, List<Integer>> messages() {
        Map<String, List<Integer>> found = new HashMap<>();
        StringBuilder open = null;
        for (ServerFrame frame : peer.heard) {
            if (frame.opcode() >= ClientFrames.CLOSE) {
                continue;
            }
            assertThat(frame.opcode() == ClientFrames.CONTINUATION).as("%s", frame).isEqualTo(open != null);
            StringBuilder message = open == null ? new StringBuilder() : open;
            message.append(new String(frame.bytes(), StandardCharsets.UTF_8));
            open = frame.fin() ? null : message;
            if (frame.fin()) {
                String[] parts = message.toString().split(":", 3);
                assertThat(parts[2].trim()).isIn("", "streamed");
                found.computeIfAbsent(parts[0], sender -> new ArrayList<>()).add(Integer.valueOf(parts[1]));
            }
        }
        return found;
    }
}
