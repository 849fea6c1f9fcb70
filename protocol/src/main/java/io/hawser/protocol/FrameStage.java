// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A user's stage between the rules of the protocol and the handler: it filters, changes, counts or adds frames in either direction,
 * in front of every face. What is given to a connection is the factory; {@link #open} runs once a connection, on its loop, and so
 * does everything else in a stage: it must not block.
 *
 * <p>Of several stages the first is the nearest to the wire: what comes passes first to last, what leaves last to first. Close
 * frames bypass them in both directions. What comes is legal by then, and its text is UTF-8.
 *
 * <p>What a stage gives out is checked again: fragments in sequence, text as UTF-8 where the frame is not the one that went in. A
 * fault there, or an exception, closes the connection with 1011.
 */
@FunctionalInterface
public interface FrameStage {
    /** Opens the stage for a connection, before its handler is called; may send already. */
    Opened open(StageContext stage);

    /** A stage of one connection. */
    sealed interface Opened permits Frames, Chunks {
        /** A close frame that came passes by; the stage may look at it, and send nothing more once it has been answered. */
        default void closeComes(Frame close) {}

        /** A close frame of this side passes by, and nothing leaves behind it. */
        default void closeLeaves(Frame close) {}

        /** The connection is closed: nothing passes any more. Called once. */
        default void onClosed() {}
    }

    /**
     * A stage that sees whole frames, the fragments of what comes joined to one frame unless raw fragments are on. Pings and pongs
     * come in order, also between the fragments of a message.
     *
     * <p>Where messages may be longer than an array, fragments are not joined, and frames over 64 KiB come cut into fragments of so
     * many bytes.
     */
    non-sealed interface Frames extends Opened {
        /**
         * A data frame, ping or pong that came.
         *
         * @return what goes on towards the handler: none, the frame or others. Data for which there is no demand waits, and nothing
         *     more is read meanwhile
         */
        default List<Frame> incoming(Frame frame) {
            return List.of(frame);
        }

        /**
         * A data frame, ping or pong that leaves, fragments one by one.
         *
         * @return what goes on towards the peer: none, the frame or others. A send that is dropped completes as if it had left, one that
         *     becomes several completes with the last
         */
        default List<Frame> outgoing(Frame frame) {
            return List.of(frame);
        }
    }

    /**
     * A stage that sees borrowed chunks of frames of any length, pings and pongs among them. A sink that it makes takes all of every chunk
     * that it is offered, and so does the next one.
     */
    non-sealed interface Chunks extends Opened {
        /** The sink for what comes, in front of {@code next}. */
        default FrameSink incoming(FrameSink next) {
            return next;
        }

        /** The sink for what leaves, in front of {@code next}; it is given each frame in one chunk. */
        default FrameSink outgoing(FrameSink next) {
            return next;
        }
    }

    /**
     * A stage without state for what comes.
     *
     * @param function from a frame to those that go on towards the handler
     */
    static FrameStage incoming(BiFunction<? super Frame, ? super StageContext, ? extends List<Frame>> function) {
        return new OneWay(function, true);
    }

    /**
     * A stage without state for what leaves.
     *
     * @param function from a frame to those that go on towards the peer
     */
    static FrameStage outgoing(BiFunction<? super Frame, ? super StageContext, ? extends List<Frame>> function) {
        return new OneWay(function, false);
    }

    /** Answers each ping with a pong of the same payload (RFC 6455, 5.5.3), and lets it pass; for where automatic pongs are off. */
    static FrameStage autoPong() {
        return incoming((frame, stage) -> {
            if (frame.opcode() == Opcode.PING) {
                stage.send(Frame.of(Opcode.PONG, true, frame.payload()));
            }
            return List.of(frame);
        });
    }

    /**
     * Pings at an interval, raises a round-trip event for each answer, and hides the pongs that answer its pings.
     *
     * @param interval positive; the first ping leaves after it
     * @throws IllegalArgumentException if it is not positive
     */
    static FrameStage autoPing(Duration interval) {
        AutoPing.requirePositive(interval);
        return stage -> new AutoPing(interval, AutoPing.numbered(), stage);
    }

    /**
     * As {@link #autoPing(Duration)}, with bodies of the caller's own.
     *
     * @param bodies gives the payload of each ping, at most 125 bytes, copied; called on the loop of each connection. Those that are
     *     unanswered should differ, as the payload matches the pong. If it throws, or gives more, the connection closes with 1011
     * @throws IllegalArgumentException if the interval is not positive
     */
    static FrameStage autoPing(Duration interval, Supplier<byte[]> bodies) {
        AutoPing.requirePositive(interval);
        return stage -> new AutoPing(interval, bodies, stage);
    }
}
