// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.HttpStatusException;
import io.hawser.Response;
import io.hawser.http.Delivery;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One request and the response to it: how far each of them is, and whether another may follow on the connection. It is over when the response
 * has left and the body was taken to its end. Confined to the channel's loop.
 */
final class Exchange implements RequestBody.Carrier {
    private final HttpConnection connection;
    private final RequestDecoder decoder;
    private final RequestLoop loop;
    private final boolean isHead;
    private final boolean isHttp10;
    private final boolean isUpgrade;
    private final @Nullable String expected;
    private final @Nullable RequestBody body;
    private boolean keepAlive;
    /** Whether the client waits for a word before it sends the body. */
    private boolean awaitsContinue;

    private boolean responded;
    private boolean left;

    private Exchange(HttpConnection connection, RequestDecoder decoder, RequestLoop loop, HttpRequest request) {
        this.connection = connection;
        this.decoder = decoder;
        this.loop = loop;
        isHead = request.method().equals(HttpMethod.HEAD);
        isHttp10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        keepAlive = HttpUtil.isKeepAlive(request);
        // RFC 9110 10.1.1: a server that receives a 100-continue expectation in an HTTP/1.0 request MUST ignore that expectation.
        expected = isHttp10 ? null : request.headers().get(HttpHeaderNames.EXPECT);
        BodyFraming framing = decoder.framing();
        body = framing == null || framing.isComplete() ? null : new RequestBody(framing, this);
        awaitsContinue = expected != null && body != null;
        isUpgrade = framing != null && request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /** Only a refusal. */
    private Exchange(HttpConnection connection, RequestDecoder decoder, RequestLoop loop) {
        this.connection = connection;
        this.decoder = decoder;
        this.loop = loop;
        isHead = decoder.isHead();
        isHttp10 = false;
        isUpgrade = false;
        expected = null;
        body = null;
    }

    /** Begins with a request's head, which the decoder has given. */
    static Exchange of(HttpConnection connection, RequestDecoder decoder, RequestLoop loop, HttpRequest request) {
        Exchange begun = new Exchange(connection, decoder, loop, request);
        loop.begin(begun.body);
        if (begun.body != null) {
            decoder.feed(begun.body);
        }
        return begun;
    }

    /** What is answered is not a request. */
    static Exchange ofNoRequest(HttpConnection connection, RequestDecoder decoder, RequestLoop loop) {
        return new Exchange(connection, decoder, loop);
    }

    // ---- the request

    /** Its body, unless it has none. */
    @Nullable RequestBody body() {
        return body;
    }

    /** Its body, for the application. */
    Flow.Publisher<ByteBuffer> bodyOrNone() {
        return body == null ? RequestBody.NONE : body;
    }

    /** Why nobody here can answer it, if so. */
    HeadCheck.@Nullable Refusal fault(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return new HeadCheck.Refusal(400, "the request cannot be parsed");
        }
        // RFC 9110 10.1.1: a server that receives another expectation MAY respond with 417.
        return expected == null || expected.equalsIgnoreCase("100-continue")
                ? null
                : new HeadCheck.Refusal(417, "no other expectation is met here than 100-continue");
    }

    /** Drops the body of what asks for an upgrade: that is refused, and what comes behind it may as well be frames. */
    void refuseBodyOfUpgrade() {
        if (isUpgrade) {
            endsConnection();
            if (body != null) {
                body.drop();
            }
        }
    }

    // ---- the response

    /** Whether another request may follow. */
    boolean isKeptAlive() {
        return keepAlive;
    }

    /** No other request may follow. */
    void endsConnection() {
        keepAlive = false;
    }

    /** Whether a response has begun. */
    boolean isResponded() {
        return responded;
    }

    /** A response begins; returns how it is to go. */
    Delivery begin(Response response) {
        responded = true;
        Delivery delivery = Delivery.of(response, isHead, keepAlive, isHttp10);
        keepAlive = delivery.keepAlive();
        return delivery;
    }

    /** The response has left. */
    void endResponse() {
        left = true;
    }

    /** Whether it has left. */
    boolean hasLeft() {
        return left;
    }

    /** Whether nothing more of the request comes. */
    boolean isBodyOver() {
        return body == null || body.isComplete();
    }

    // ---- the body

    @Override
    public boolean isCurrent() {
        return loop.isCurrent();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }

    @Override
    public void onWanted() {
        if (awaitsContinue) {
            awaitsContinue = false;
            // 10.1.1: a server MAY omit sending a 100 (Continue) response if it has already received some or all of the content; and behind a
            // final status it would be taken for the next response.
            if (!decoder.hasUnread() && !responded) {
                connection.responses().writeContinue();
            }
        }
        connection.goOn();
    }

    @Override
    public void onBodyEnd() {
        connection.deadline().clear();
        if (left) {
            connection.next();
        }
    }

    @Override
    public void onMalformed(HeadCheck.Refusal refusal) {
        endsConnection();
        if (responded) {
            connection.closeIfLeft();
        } else {
            connection.refuse(this, refusal);
        }
    }

    /** Decides, before a response begins, what becomes of a body that nobody reads so far: a response that comes by and by may be made of it. */
    void leaveBody(Response response) {
        RequestBody rest = body;
        if (rest == null || rest.isComplete()) {
            return;
        }
        boolean mayBeRead = !rest.isTaken() && !isHead && isStreamed(response.body());
        if (!rest.isRead() && !mayBeRead) {
            rest.drop();
            decoder.feedNow();
        }
        // 10.1.1: who waits for a 100 may send the body behind the response, or not: nobody could tell it from the next request.
        if (!rest.isComplete() && (awaitsContinue || rest.isMalformed() || rest.isGivenUp())) {
            endsConnection();
        }
    }

    private static boolean isStreamed(Response.Body body) {
        return switch (body) {
            case Response.Body.Bytes whole -> false;
            case Response.Body.FilePart file -> false;
            case Response.Body.Stream stream -> true;
            case Response.Body.Sequence sequence -> sequence.parts().stream().anyMatch(Exchange::isStreamed);
        };
    }

    /**
     * Sees to it that a body goes on, or ends.
     *
     * @param isLast whether nothing more comes behind what was gone through
     * @param idleNanos how long nothing may come of what is waited for
     */
    void awaitBody(boolean isLast, long idleNanos) {
        RequestBody rest = body;
        if (rest == null) {
            return;
        }
        if (isLast) {
            breakOff(new HttpStatusException(400, "the body broke off"));
        } else if (rest.isWanted()) {
            connection.deadline().set(idleNanos, () -> breakOff(new HttpStatusException(408, "the body did not go on")));
        } else if (!left) {
            connection.deadline().clear();
        }
        if (rest.isGivenUp() || !keepAlive) {
            connection.closeIfLeft();
        }
    }

    /** Nothing more of the body comes, for this reason, and nothing behind it. */
    void breakOff(HttpStatusException reason) {
        if (body != null) {
            endsConnection();
            body.fail(reason);
        }
    }
}
