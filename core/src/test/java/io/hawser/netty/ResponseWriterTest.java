// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.hawser.Response;
import io.hawser.connection.LogLines;
import io.hawser.http.Delivery;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a channel in memory; what needs sockets, files among it, is tested over them. */
@ExtendWith(LeakCheck.class)
class ResponseWriterTest {
    private static final Duration NO_PROGRESS = Duration.ofHours(5);
    private static final String ASCII_64K = "0123456789abcdef".repeat(4 << 10);

    @TempDir
    private Path folder;

    private final List<ChannelFuture> written = new ArrayList<>();
    private final ChunkSource source = new ChunkSource();
    private SlowChannel peer;
    private ResponseWriter writer;

    @BeforeEach
    void open() {
        FastThreadLocal.removeAll(); // of another loop, which ran on this thread
        peer = new SlowChannel();
        writer = new ResponseWriter(peer.context(), NO_PROGRESS.toNanos());
    }

    @AfterEach
    void close() {
        peer.close();
        writer.onClosed();
        peer.finishAndReleaseAll();
        FastThreadLocal.removeAll();
    }

    private void write(Response response) {
        write(response, Delivery.of(response, false, true, false));
    }

    private void write(Response response, Delivery delivery) {
        writer.write(null, response, delivery, written::add);
        peer.flush();
    }

    private Response streamed() {
        return Response.of(200, source);
    }

    private boolean isWritten() {
        return written.size() == 1 && written.get(0).isSuccess();
    }

    /** The peer takes more, and the channel says so. */
    private void takesAll() {
        peer.takesAll();
        writer.onWritable();
    }

    // ---- heads

    @Test
    void writesHeadAndBodyInOne() {
        peer.takesNothing();
        write(Response.text("Müller"));
        assertThat(peer.unsafe().outboundBuffer().size()).isEqualTo(1);
        peer.takesAll();
        assertThat(peer.taken())
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\ncontent-length: 7\r\ndate: ")
                .endsWith(" GMT\r\n\r\nM\u00c3\u00bcller");
        assertThat(isWritten()).isTrue();
    }

    @Test
    void namesStatusesThatAreNotKnown() {
        write(Response.of(299));
        assertThat(peer.taken()).startsWith("HTTP/1.1 299 ");
    }

    @Test
    @Tag("W1")
    void givesHeadTheSameFieldsAndNoBody() {
        for (Response response : List.of(Response.text("four"), streamed(), Response.of(200, source, 5))) {
            write(response, Delivery.of(response, true, true, false));
        }
        assertThat(peer.taken()).contains("content-length: 4\r\n", "transfer-encoding: chunked\r\n", "content-length: 5\r\n");
        assertThat(peer.taken().split("\r\n\r\n", -1)).as("three heads").hasSize(4);
        assertThat(source.subscriptions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void sendsNoBodyWithAStatusThatHasNone(int status) {
        write(Response.text(status, "not sent"));
        assertThat(peer.taken()).endsWith("\r\n\r\n").doesNotContain("content-length: 8", "transfer-encoding");
    }

    // ---- bytes

    @Test
    void writesLargeBodiesSliceBySlice() {
        peer.takesNothing();
        write(Response.text(ASCII_64K.repeat(16)));
        assertThat(peer.waitingBytes()).isLessThan(130 << 10);
        assertThat(written).isEmpty();
        while (!isWritten()) {
            takesAll();
        }
        assertThat(peer.body()).isEqualTo(ASCII_64K.repeat(16));
    }

    // ---- streams

    @Test
    @Tag("W1")
    void sendsAStreamInChunks() {
        write(streamed());
        assertThat(peer.taken()).as("the head leaves at once").contains("transfer-encoding: chunked\r\n").endsWith("\r\n\r\n");
        source.gives("Hello");
        assertThat(peer.body()).isEqualTo("5\r\nHello\r\n");
        source.gives(""); // an empty chunk would be the last
        source.gives(", round world.");
        assertThat(written).isEmpty();
        source.completes();
        assertThat(peer.body()).isEqualTo("5\r\nHello\r\ne\r\n, round world.\r\n0\r\n\r\n");
        assertThat(isWritten()).isTrue();
    }

    @Test
    void sendsAStreamOfKnownLengthAsItIs() {
        write(Response.of(200, source, 5));
        source.gives("He");
        source.gives("llo");
        source.completes();
        assertThat(peer.taken()).contains("content-length: 5\r\n");
        assertThat(peer.body()).isEqualTo("Hello");
        assertThat(isWritten()).isTrue();
    }

    @Test
    void sendsAStreamToHttp10AsItIs() {
        Response response = streamed();
        write(response, Delivery.of(response, false, true, true));
        source.gives("Hello");
        source.completes();
        assertThat(peer.taken()).contains("connection: close\r\n").doesNotContain("transfer-encoding");
        assertThat(peer.body()).isEqualTo("Hello");
    }

    @Test
    void asksAStreamForNoMoreThanThePeerTakes() {
        peer.takesNothing();
        write(streamed());
        for (int i = 0; i < 3 && source.requested() > i; i++) {
            source.gives(ASCII_64K.substring(0, 40_000));
        }
        assertThat(source.requested()).isEqualTo(2);
        takesAll();
        assertThat(source.requested()).isEqualTo(3);
    }

    /** Reactive Streams 3.3: a publisher that answers within request. */
    @Test
    void takesAnEndlessSourceAsFastAsThePeer() {
        AtomicInteger given = new AtomicInteger();
        Flow.Publisher<ByteBuffer> endless = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                given.incrementAndGet();
                subscriber.onNext(ByteBuffer.allocate(1_000));
            }

            @Override
            public void cancel() {}
        });
        peer.takesNothing();
        write(Response.of(200, endless));
        assertThat(given).hasValueBetween(50, 66);
        peer.takes(100_000);
        writer.onWritable();
        assertThat(given).hasValueBetween(110, 170);
        assertThat(peer.waitingBytes()).isLessThan(70_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hel", "Hello!"})
    void cutsAStreamThatIsNotAsLongAsWasSaid(String body) {
        LogLines log = new LogLines();
        write(Response.of(200, source, 5));
        source.gives(body);
        if (peer.isOpen()) {
            source.completes();
        }
        assertThat(peer.isOpen()).isFalse();
        assertThat(peer.body()).isIn("Hel", "");
        assertThat(written).isEmpty();
        assertThat(log.with("the body was to have 5 bytes, and has " + (body.length() < 5 ? "3" : "more"))).isNotEmpty();
        assertThat(source.cancellations()).as("2.4: not after its end").isEqualTo(body.length() < 5 ? 0 : 1);
    }

    /** What it gives unasked would take the place of what waits. */
    @Test
    void cutsAStreamThatGivesMoreThanIsAskedFor() {
        LogLines log = new LogLines();
        peer.takesNothing();
        write(streamed());
        source.gives(ASCII_64K.repeat(4));
        assertThat(peer.isOpen()).isTrue();
        source.gives("more");
        assertThat(peer.isOpen()).isFalse();
        assertThat(log.with("gives more chunks than were asked for")).isNotEmpty();
        assertThat(source.cancellations()).isEqualTo(1);
    }

    @Test
    void cutsAStreamThatFails() {
        LogLines log = new LogLines();
        write(streamed());
        source.gives("Hello");
        source.subscriber().onError(new IllegalStateException("a fault, at cutsAStreamThatFails"));
        assertThat(peer.isOpen()).isFalse();
        assertThat(peer.body()).as("no last chunk").isEqualTo("5\r\nHello\r\n");
        assertThat(log.with("a fault, at cutsAStreamThatFails")).isNotEmpty();
        assertThat(source.cancellations()).as("2.3: not from onError").isZero();
        assertThat(written).isEmpty();
    }

    @Test
    void cutsAStreamThatCannotBeSubscribedTo() {
        write(Response.of(200, subscriber -> {
            throw new IllegalStateException("a fault");
        }));
        assertThat(peer.isOpen()).isFalse();
        assertThat(peer.taken()).isEmpty();
    }

    @Test
    void cancelsOnceWhenTheClientHasGone() {
        write(streamed());
        source.gives("Hello");
        peer.close();
        writer.onClosed();
        writer.onClosed();
        assertThat(source.cancellations()).isEqualTo(1);
        source.gives("late"); // 2.8
        source.completes();
        assertThat(source.cancellations()).isEqualTo(1);
        assertThat(written).isEmpty();
        assertThat(peer.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
    }

    @Test
    void cancelsASubscriptionThatComesTooLate() {
        List<Flow.Subscriber<? super ByteBuffer>> subscribers = new ArrayList<>();
        write(Response.of(200, subscribers::add));
        writer.onClosed();
        subscribers.get(0).onSubscribe(source);
        assertThat(source.cancellations()).isEqualTo(1);
        assertThat(source.requested()).isZero();
    }

    /** Reactive Streams 2.5 and 2.12. */
    @Test
    void cancelsASecondSubscription() {
        ChunkSource second = new ChunkSource();
        write(streamed());
        source.subscriber().onSubscribe(second);
        assertThat(second.cancellations()).isEqualTo(1);
        assertThat(source.cancellations()).isZero();
        source.gives("goes on");
        assertThat(peer.body()).contains("goes on");
    }

    /** Reactive Streams 2.13. */
    @Test
    @SuppressWarnings("NullAway") // what it refuses
    void refusesNull() {
        write(streamed());
        assertThatNullPointerException().isThrownBy(() -> source.subscriber().onSubscribe(null));
        assertThatNullPointerException().isThrownBy(() -> source.subscriber().onNext(null));
        assertThatNullPointerException().isThrownBy(() -> source.subscriber().onError(null));
    }

    @Test
    void sendsASequenceInItsOrder() {
        Response.Body hello = Response.text("Hello").body();
        Response.Body world = Response.text(" world").body();
        Response.Body known = Response.of(200, source, 5).body();
        Response.Body nested = new Response.Body.Sequence(List.of(known, world));
        write(Response.of(200).withBody(new Response.Body.Sequence(List.of(hello, nested, hello))));
        source.gives(" wide");
        source.completes();
        assertThat(peer.taken()).contains("content-length: 21\r\n");
        assertThat(peer.body()).isEqualTo("Hello wide worldHello");
        assertThat(isWritten()).isTrue();
    }

    @Test
    void writesALargeChunkSliceBySlice() {
        peer.takesNothing();
        write(Response.of(200, source, 1_000_000));
        source.gives(ASCII_64K.repeat(16).substring(0, 1_000_000));
        source.completes();
        assertThat(peer.waitingBytes()).isLessThan(130 << 10);
        while (!isWritten()) {
            assertThat(source.requested()).isEqualTo(1);
            takesAll();
        }
        assertThat(peer.body()).hasSize(1_000_000);
    }

    // ---- files

    private Response file() throws Exception {
        return Response.file(Files.writeString(folder.resolve("a.txt"), ASCII_64K.repeat(4)));
    }

    @Test
    void leavesAFileToTheChannel() throws Exception {
        peer.takesNothing();
        write(file());
        assertThat(peer.waitingBytes()).isLessThan(1_000);
        peer.takes(100_000);
        assertThat(isWritten()).isFalse();
        peer.takesAll();
        assertThat(peer.body()).isEqualTo(ASCII_64K.repeat(4));
        assertThat(isWritten()).isTrue();
    }

    @Test
    void cutsAPeerThatTakesNoMoreOfAFile() throws Exception {
        peer.takesNothing();
        write(file());
        for (int i = 0; i < 5; i++) {
            peer.takes(10_000);
            peer.waits(NO_PROGRESS);
            assertThat(peer.isOpen()).isTrue();
        }
        peer.waits(NO_PROGRESS);
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    void cutsAFileThatIsGone() throws Exception {
        LogLines log = new LogLines();
        Response response = file();
        Files.delete(folder.resolve("a.txt"));
        write(response);
        assertThat(peer.isOpen()).isFalse();
        assertThat(log.with("ERROR", "the body of the response to")).isNotEmpty();
    }

    // ---- peers that take nothing

    @Test
    void cutsAPeerThatTakesNothingOfAStream() {
        peer.takesNothing();
        write(streamed());
        peer.waits(NO_PROGRESS.plusMinutes(1));
        writer.onClosed(); // as the connection tells it
        assertThat(peer.isOpen()).isFalse();
        assertThat(source.cancellations()).isEqualTo(1);
    }

    @Test
    void waitsForAStreamThatGivesNothing() {
        write(streamed());
        for (int i = 0; i < 5; i++) {
            peer.waits(NO_PROGRESS);
        }
        assertThat(peer.isOpen()).isTrue();
        source.completes();
        assertThat(peer.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
    }

    /** As much waits each time that it is looked. */
    @Test
    void waitsForAPeerThatTakesAsMuchAsComes() {
        peer.takesNothing();
        write(streamed());
        source.gives("0123456789");
        for (int i = 0; i < 5; i++) {
            peer.waits(NO_PROGRESS.minusMinutes(1));
            peer.takes(i == 0 ? peer.waitingBytes() : "a\r\n0123456789\r\n".length());
            peer.takesNothing();
            source.gives("0123456789");
            peer.waits(Duration.ofMinutes(1));
            assertThat(peer.isOpen()).isTrue();
        }
    }
}
