// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.FrameSink;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What an application does with WebSocket connections: a function in one of the faces, and its options. The function runs once a
 * connection, so no state is shared by accident; a handler serves any number of connections at a time.
 */
public final class WebSocketHandler {
    private final Face face;
    private final UnaryOperator<WebSocketOptions> options;

    private WebSocketHandler(Face face, UnaryOperator<WebSocketOptions> options) {
        this.face = face;
        this.options = options;
    }

    /**
     * Answers each message with one, on the event loop, in order.
     *
     * @param answer must not block; an exception closes the connection with 1011
     */
    public static WebSocketHandler each(Function<? super Message, ? extends Message> answer) {
        return of(new Face.Each(answer));
    }

    /**
     * Answers each message with one that comes later, in the messages' order.
     *
     * @param answer called on the event loop; must not block. A failure, its own or of the stage, closes the connection with 1011
     * @param parallelism how many messages may be worked at, 1 or more; reading stops meanwhile
     * @throws IllegalArgumentException if {@code parallelism} is less than 1
     */
    public static WebSocketHandler eachAsync(
            Function<? super Message, ? extends CompletionStage<? extends Message>> answer, int parallelism) {
        return of(new Face.EachAsync(answer, parallelism));
    }

    /**
     * Blocking code on a virtual thread of its own. When it returns, the connection closes with 1000; an exception closes it with 1011, except
     * a {@link WebSocketClosedException} after the peer has gone.
     */
    public static WebSocketHandler direct(DirectBody body) {
        return of(new Face.Direct(body));
    }

    /**
     * A stream of messages in, a stream of messages out. When the output completes, the connection closes with 1000; when it fails, with 1011.
     *
     * @param answer called on the event loop; must not block. What it returns is subscribed to once; the messages of the input that it
     *     does not subscribe to hold the reading back
     */
    public static WebSocketHandler streams(
            Function<? super MessageStream, ? extends Flow.Publisher<? extends Message>> answer) {
        return of(new Face.Streams(answer));
    }

    /**
     * Frames, one by one.
     *
     * @param open called on the event loop when the connection opens; must not block, and may send already
     */
    public static WebSocketHandler frames(Function<? super FrameChannel, ? extends FrameHandler> open) {
        return of(new Face.Frames(open));
    }

    /**
     * Frames of any length, up to 2<sup>63</sup>-1 bytes, in the chunks in which they come; pings and pongs are frames among them. Nothing
     * is joined or held, and the size of messages is not limited unless {@link #with} says so.
     *
     * <p>The sink is called on the event loop and must not block. A chunk is borrowed; what the sink leaves of it is offered again after
     * {@link FrameChannel#resume}. While the channel is paused, or too much waits to leave, no chunk comes. A {@link
     * io.hawser.protocol.ProtocolViolation} that it throws fails the connection with its status, anything else with 1011. Text has been
     * checked as far as it has come. The end is told by {@link Connection#closed}, behind the last chunk.
     *
     * @param open called on the event loop when the connection opens; must not block, and may send already
     */
    public static WebSocketHandler rawFrames(Function<? super FrameChannel, ? extends FrameSink> open) {
        return of(new Face.RawFrames(open)).with(o -> o.messages(MessagePolicy.streamed()));
    }

    private static WebSocketHandler of(Face face) {
        return new WebSocketHandler(face, UnaryOperator.identity());
    }

    /** This handler with options of its own, which go before the server's. */
    public WebSocketHandler with(UnaryOperator<WebSocketOptions> change) {
        return new WebSocketHandler(face, before -> change.apply(options.apply(before)));
    }

    /** The face and its function; for whoever runs connections. */
    public Face face() {
        return face;
    }

    /**
     * The handler's options over these, the server's.
     *
     * @throws IllegalArgumentException if they leave compression to a handler that does not see frames as they come
     */
    public WebSocketOptions optionsOver(WebSocketOptions defaults) {
        WebSocketOptions chosen = options.apply(defaults);
        if (chosen.compression().raw() && !(face instanceof Face.RawFrames)) {
            throw new IllegalArgumentException("Compression.ofRawFrames() is for a handler made by rawFrames(...); this one needs on() or off()");
        }
        return chosen;
    }

    /** Blocking code that serves one connection. */
    @FunctionalInterface
    public interface DirectBody {
        /** Serves the connection until it returns; may throw anything. */
        void run(WebSocket socket) throws Exception;
    }

    /** One of the faces, with the application's function. */
    public sealed interface Face {
        /** {@link WebSocketHandler#each}. */
        record Each(Function<? super Message, ? extends Message> answer) implements Face {}

        /** {@link WebSocketHandler#eachAsync}. */
        record EachAsync(
                Function<? super Message, ? extends CompletionStage<? extends Message>> answer, int parallelism)
                implements Face {
            /** Checks that at least one message may be worked at. */
            public EachAsync {
                if (parallelism < 1) {
                    throw new IllegalArgumentException("parallelism must be 1 or more, not " + parallelism);
                }
            }
        }

        /** {@link WebSocketHandler#direct}. */
        record Direct(DirectBody body) implements Face {}

        /** {@link WebSocketHandler#streams}. */
        record Streams(Function<? super MessageStream, ? extends Flow.Publisher<? extends Message>> answer)
                implements Face {}

        /** {@link WebSocketHandler#frames}. */
        record Frames(Function<? super FrameChannel, ? extends FrameHandler> open) implements Face {}

        /** {@link WebSocketHandler#rawFrames}. */
        record RawFrames(Function<? super FrameChannel, ? extends FrameSink> open) implements Face {}
    }
}
