// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.connection.LiveConnection;
import io.hawser.connection.LogLines;
import io.hawser.connection.Opening;
import io.hawser.connection.WireListener;
import io.hawser.http.KnownRequest;
import io.hawser.protocol.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A wire over a channel in memory; what needs sockets is tested over them. */
@ExtendWith(LeakCheck.class)
class NettyWireTest {
    /** A masked text frame with the payload "abc" and a key of zeros. */
    private static final byte[] ABC = {(byte) 0x81, (byte) 0x83, 0, 0, 0, 0, 'a', 'b', 'c'};

    private final Listener listener = new Listener();
    private int writes;
    private int flushes;
    private EmbeddedChannel channel;
    private NettyWire wire;

    @BeforeEach
    void open() {
        // What belongs to a loop hangs on its thread, and here one thread is many loops in turn.
        FastThreadLocal.removeAll();
        channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                writes++;
                context.write(message, promise);
            }

            @Override
            public void flush(ChannelHandlerContext context) {
                flushes++;
                context.flush();
            }
        });
        wire = new NettyWire(channel);
        channel.pipeline().addLast(wire);
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
        FastThreadLocal.removeAll();
    }

    private void converse(WebSocketHandler handler) {
        Request request = KnownRequest.of(
                "GET", "/", HttpHeaders.of(Map.of(), (name, value) -> true), channel.remoteAddress());
        LiveConnection.open(wire, Opening.ofServer(request, Response.of(200), handler, WebSocketOptions.defaults()));
    }

    private void receive(byte[]... parts) {
        ByteBuf in = channel.alloc().directBuffer();
        for (byte[] part : parts) {
            in.writeBytes(part);
        }
        channel.writeInbound(in);
    }

    private String sent() {
        StringBuilder all = new StringBuilder();
        ByteBuf out;
        while ((out = channel.readOutbound()) != null) {
            all.append(out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }
        return all.toString();
    }

    @Test
    void sendsTheAnswersOfOneReadInOneWrite() {
        converse(WebSocketHandler.each(message -> message));
        byte[][] frames = new byte[500][];
        Arrays.fill(frames, ABC);
        receive(frames);
        assertThat(flushes).isEqualTo(1);
        // The first reads find small buffers; from then on one is large enough.
        receive(frames);
        receive(frames);
        assertThat(sent()).isEqualTo("\u0081\u0003abc".repeat(1500));
        for (int i = 0; i < 5; i++) {
            writes = 0;
            flushes = 0;
            receive(frames);
            assertThat(writes).isEqualTo(1);
            assertThat(flushes).isEqualTo(1);
            assertThat(sent()).isEqualTo("\u0081\u0003abc".repeat(500));
        }
    }

    @Test
    void flushesOnceForEachRead() {
        converse(WebSocketHandler.each(message -> message));
        for (int i = 0; i < 10; i++) {
            receive(ABC, ABC);
        }
        assertThat(flushes).isEqualTo(10);
        assertThat(sent()).isEqualTo("\u0081\u0003abc".repeat(20));
    }

    @Test
    void takesBytesForAcceptedThatTheChannelHasTaken() {
        wire.open(listener);
        wire.reserve(3).put(new byte[] {'a', 'b', 'c'});
        assertThat(wire.unflushedBytes()).isEqualTo(3);
        assertThat(wire.acceptedBytes()).isZero();
        wire.flush(false);
        assertThat(wire.unflushedBytes()).isZero();
        assertThat(wire.acceptedBytes()).isEqualTo(3);
        assertThat(listener.accepted).isZero();
        wire.reserve(1).put((byte) 'd');
        wire.flush(true);
        assertThat(wire.acceptedBytes()).isEqualTo(4);
        assertThat(sent()).isEqualTo("abcd");
        wire.flush(true);
        assertThat(flushes).isEqualTo(2);
    }

    @Test
    void takesNothingForAcceptedThatWasNotFlushed() {
        wire.open(listener);
        wire.reserve(60_000).put(new byte[60_000]);
        wire.reserve(60_000).put(new byte[60_000]);
        assertThat(writes).isEqualTo(1);
        assertThat(wire.acceptedBytes()).isZero();
        wire.flush(false);
        assertThat(wire.acceptedBytes()).isEqualTo(120_000);
    }

    @Test
    void sendsMuchWhileItOpens() {
        converse(WebSocketHandler.frames(opened -> {
            for (int i = 0; i < 10; i++) {
                opened.send(Frame.binary(new byte[60_000]));
            }
            return frame -> {};
        }));
        assertThat(channel.isActive()).isTrue();
        assertThat(sent()).hasSize(10 * 60_004);
    }

    @Test
    void keepsWhatIsLeftAndOffersItInFrontOfWhatFollows() {
        wire.open(listener);
        listener.take = 2;
        listener.readOn = false;
        receive(new byte[] {'a', 'b', 'c', 'd'});
        assertThat(listener.offered).containsExactly("abcd");
        assertThat(channel.config().isAutoRead()).isFalse();
        // Under way when reading was stopped.
        receive(new byte[] {'e', 'f'});
        receive(new byte[] {'g'});
        assertThat(listener.offered).hasSize(1);

        wire.resumeReading();
        listener.take = 1;
        wire.resumeReading();
        assertThat(listener.offered).containsExactly("abcd", "cd", "ef");
        assertThat(channel.config().isAutoRead()).isFalse();
        listener.readOn = true;
        wire.resumeReading();
        assertThat(listener.offered).containsExactly("abcd", "cd", "ef", "f", "g");
        assertThat(channel.config().isAutoRead()).isTrue();
        wire.resumeReading();
        assertThat(listener.offered).hasSize(5);
        receive(new byte[] {'h'});
        assertThat(listener.offered).last().isEqualTo("h");
    }

    @Test
    void offersAListenerNothingThatReadsOnlyWhatIsToCome() {
        wire.open(listener);
        listener.readOn = false;
        receive(new byte[] {'a'});
        listener.readOn = true;
        wire.resumeReading();
        assertThat(listener.offered).containsExactly("a", "");
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void keepsALargeRestInItsBufferAndALittleInACopy() {
        wire.open(listener);
        listener.readOn = false;
        listener.take = 1;
        for (int size : new int[] {ReadBuffers.BYTES, ReadBuffers.BYTES / 4, ReadBuffers.BYTES / 4 - 1, 2}) {
            ByteBuf in = channel.alloc().directBuffer(ReadBuffers.BYTES).writeZero(size);
            channel.writeInbound(in);
            assertThat(in.refCnt()).as("holders of %d bytes", size).isEqualTo(size >= ReadBuffers.BYTES / 4 ? 1 : 0);
        }
    }

    @Test
    void holdsReadingThoughNothingIsLeft() {
        wire.open(listener);
        listener.readOn = false;
        receive(new byte[] {'a'});
        assertThat(channel.config().isAutoRead()).isFalse();
        receive(new byte[] {'b'});
        listener.readOn = true;
        wire.resumeReading();
        assertThat(listener.offered).containsExactly("a", "b");
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void tellsTheEndOfInputBehindWhatIsHeld() {
        wire.open(listener);
        listener.take = 0;
        listener.readOn = false;
        receive(new byte[] {'a'});
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.pipeline().fireUserEventTriggered("another event");
        assertThat(listener.ends).isZero();
        listener.take = 100;
        listener.readOn = true;
        wire.resumeReading();
        assertThat(listener.ends).isEqualTo(1);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(listener.ends).isEqualTo(1);
    }

    @Test
    void releasesWhatItHoldsWhenTheChannelCloses() {
        wire.open(listener);
        listener.take = 1;
        listener.readOn = false;
        receive(new byte[] {'a', 'b'});
        wire.reserve(5).put(new byte[5]);
        wire.cut();
        channel.runPendingTasks();
        assertThat(listener.closed).containsExactly("the connection was closed");
        wire.resumeReading();
        wire.flush(true);
        assertThat(listener.offered).hasSize(1);
    }

    @Test
    void tellsWhyAChannelBroke() {
        wire.open(listener);
        channel.pipeline().fireExceptionCaught(new IOException("reset by peer"));
        channel.runPendingTasks();
        assertThat(listener.closed).containsExactly("the connection broke: reset by peer");
    }

    @Test
    void tellsAFaultOfThisSideAndStaysOpen() {
        wire.open(listener);
        listener.failure = new OutOfMemoryError("no room for a payload");
        receive(ABC);
        assertThat(listener.failures).containsExactly(listener.failure);
        assertThat(channel.isActive()).as("so that the listener can say good-bye").isTrue();
    }

    @Test
    void closesWhereTellingOfAFaultFailsAsWell() {
        wire.open(listener);
        LogLines log = new LogLines();
        listener.failsToClose = true;
        channel.pipeline().fireExceptionCaught(new IllegalStateException("a fault that closesWhereTelling made"));
        channel.runPendingTasks();
        assertThat(listener.closed).singleElement().asString().startsWith("this side failed: ");
        assertThat(log.with("ERROR", "and so does its close")).isNotEmpty();
        assertThat(log.with("a fault that closesWhereTelling made")).isNotEmpty();
    }

    @Test
    void tellsFaultsOfThePeerFromThoseOfThisSide() {
        assertThat(List.of(
                        new IOException("reset"),
                        new DecoderException(new SSLException("no TLS")),
                        new TooLongFrameException("a hello of 20,000 bytes")))
                .allMatch(NettyWire::isOfTransport);
        assertThat(List.of(new OutOfMemoryError(), new IllegalStateException(), new DecoderException(new NullPointerException())))
                .noneMatch(NettyWire::isOfTransport);
    }

    @Test
    void endsABatchWhereReadingIsHeldThoughNettyReadsOn() {
        wire.open(listener);
        listener.readOn = false;
        channel.pipeline().fireChannelRead(channel.alloc().directBuffer().writeBytes(ABC));
        assertThat(listener.readsCompleted).isEqualTo(1);
    }

    @Test
    void cancelsTimers() {
        wire.open(listener);
        channel.freezeTime();
        List<String> ran = new ArrayList<>();
        wire.schedule(() -> ran.add("kept"), 1000);
        Runnable cancel = wire.schedule(() -> ran.add("cancelled"), 1000);
        cancel.run();
        channel.advanceTimeBy(1000, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        assertThat(ran).containsExactly("kept");
    }

    /** Takes as much as it is told, and notes what it was offered. */
    private static final class Listener implements WireListener {
        final List<String> offered = new ArrayList<>();
        final List<String> closed = new ArrayList<>();
        int take = Integer.MAX_VALUE;
        boolean readOn = true;
        int readsCompleted;
        int ends;
        int accepted;
        final List<Throwable> failures = new ArrayList<>();
        Error failure;
        boolean failsToClose;

        @Override
        public boolean onRead(ByteBuffer bytes) {
            if (failure != null) {
                throw failure;
            }
            byte[] shown = new byte[bytes.remaining()];
            bytes.get(bytes.position(), shown);
            offered.add(new String(shown, StandardCharsets.ISO_8859_1));
            bytes.position(bytes.position() + Math.min(take, shown.length));
            return readOn;
        }

        @Override
        public void onReadComplete() {
            readsCompleted++;
        }

        @Override
        public void onInputEnd() {
            ends++;
        }

        @Override
        public void onAccepted() {
            accepted++;
        }

        @Override
        public void onFailure(Throwable cause) {
            failures.add(cause);
            if (failsToClose) {
                throw new IllegalStateException("closing fails as well");
            }
        }

        @Override
        public void onClosed(String how) {
            closed.add(how);
        }
    }

    @Test
    void knowsWhoThePeerIsByAVerifiedCertificateAlone() throws Exception {
        assertThat(wire.principal()).as("in the clear").isEmpty();
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(false);
        EmbeddedChannel encrypted = new EmbeddedChannel(new SslHandler(engine));
        assertThat(new NettyWire(encrypted).principal()).as("no certificate was shown").isEmpty();
        encrypted.close();
        Principal ada = new X500Principal("CN=Ada");
        SSLSession session = (SSLSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SSLSession.class}, (proxy, method, arguments) -> ada);
        assertThat(NettyWire.principalOf(session)).contains(ada);
    }
}
