// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.http.HeadLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class RequestDecoderTest {
    private static final String FIRST = "GET /one HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String SECOND = "GET /two HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";

    private RequestDecoder decoder = new RequestDecoder(new HeadLimits(100, 200, 5), () -> {});
    private EmbeddedChannel channel = new EmbeddedChannel(decoder);

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void receive(String bytes) {
        ByteBuf in = channel.alloc().directBuffer();
        in.writeCharSequence(bytes, StandardCharsets.ISO_8859_1);
        channel.writeInbound(in);
    }

    private void expectRequest(String target) {
        Object message = channel.readInbound();
        assertThat(message).isInstanceOfSatisfying(HttpRequest.class, request -> {
            assertThat(request.decoderResult().isSuccess()).isTrue();
            assertThat(request.uri()).isEqualTo(target);
        });
        ReferenceCountUtil.release(message);
    }

    private void expectNothing() {
        assertThat(channel.<Object>readInbound()).isNull();
    }

    private void expectBytes(String expected) {
        StringBuilder passed = new StringBuilder();
        Object message;
        while ((message = channel.readInbound()) != null) {
            assertThat(message).isInstanceOf(ByteBuf.class);
            passed.append(((ByteBuf) message).toString(StandardCharsets.ISO_8859_1));
            ReferenceCountUtil.release(message);
        }
        assertThat(passed).hasToString(expected);
    }

    private void next() throws Exception {
        decoder.next();
        decoder.goOn();
    }

    @Test
    void givesARequestHoweverItIsCut() {
        for (int cut = 1; cut < FIRST.length(); cut++) {
            receive(FIRST.substring(0, cut));
            expectNothing();
            receive(FIRST.substring(cut));
            expectRequest("/one");
            expectNothing();
            release();
            decoder = new RequestDecoder(new HeadLimits(100, 200, 5), () -> {});
            channel = new EmbeddedChannel(decoder);
        }
    }

    @Test
    @Tag("W1")
    void givesPipelinedRequestsOneAfterAnother() throws Exception {
        receive(FIRST + SECOND + FIRST);
        expectRequest("/one");
        expectNothing();
        next();
        expectRequest("/two");
        expectNothing();
        next();
        expectRequest("/one");
        next();
        expectNothing();
        receive(SECOND);
        expectRequest("/two");
    }

    @Test
    @Tag("H8")
    @Tag("hostile-9")
    void passesOnWhatFollowsAnUpgrade() {
        receive(FIRST + "\u0081\u0080");
        expectRequest("/one");
        expectNothing();
        receive("key");
        receive("frame");
        expectNothing();
        channel.pipeline().remove(decoder);
        expectBytes("\u0081\u0080keyframe");
        receive("more");
        expectBytes("more");
    }

    @Test
    @Tag("H8")
    void takesWhatFollowsForNoRequest() {
        receive(FIRST + "GET /\u0000\n");
        expectRequest("/one");
        channel.pipeline().remove(decoder);
        expectBytes("GET /\u0000\n");
    }

    @Test
    @Tag("hostile-14")
    void refusesAHeadThatBreaksARule() {
        receive("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET / HTTP/1.1\r\n");
        Object message = channel.readInbound();
        assertThat(message)
                .isEqualTo(new RequestDecoder.Refused(new HeadCheck.Refusal(400, "a request has one Host")));
        receive(SECOND);
        expectNothing();
        assertThat(decoder.isWaiting()).isTrue();
    }

    @Test
    void leavesABodyUntilItIsFed() {
        receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody" + SECOND);
        expectRequest("/");
        assertThat(decoder.framing()).isNotNull();
        expectNothing();
        assertThat(decoder.hasUnread()).isTrue();
        assertThat(channel.config().isAutoRead()).as("what waits keeps the socket from being read").isFalse();
    }

    /** Of an old draft, of which a GET had 8 bytes behind its head without a word of them. */
    @Test
    @Tag("hostile-14")
    void findsNoBodyThatIsNotAnnounced() throws Exception {
        receive("GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n" + SECOND);
        expectRequest("/");
        next();
        expectRequest("/two");
    }

    @Test
    @Tag("hostile-14")
    @Tag("W3")
    void refusesABodyThatIsMalformedFromTheBeginning() {
        receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n" + SECOND);
        Object message = channel.readInbound();
        assertThat(message).isInstanceOf(RequestDecoder.Refused.class);
        expectNothing();
    }

    @Test
    void readsOnWhileNothingWaits() {
        receive(FIRST);
        expectRequest("/one");
        assertThat(channel.config().isAutoRead()).isTrue();
        receive("G");
        assertThat(channel.config().isAutoRead()).isFalse();
    }
}
