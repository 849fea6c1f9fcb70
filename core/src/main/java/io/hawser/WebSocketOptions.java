// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.FrameStage;
import io.hawser.protocol.engine.EngineSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Options of WebSocket connections, for a whole server or one handler. Immutable: each method returns changed options, as in
 * {@code handler.with(o -> o.messages(MessagePolicy.strict(64 << 20)))}.
 */
public final class WebSocketOptions {
    private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(30);
    private static final WebSocketOptions DEFAULTS = new WebSocketOptions();

    private MessagePolicy messages = MessagePolicy.strict();
    private EngineSettings engine = EngineSettings.DEFAULT;
    private Compression compression = Compression.on();
    private Duration drainTimeout = DEFAULT_DRAIN;
    private int highWaterBytes = 64 << 10;
    private int lowWaterBytes = 32 << 10;
    private boolean rawFragments;
    private List<FrameStage> stages = List.of();
    private boolean frameLog;

    private WebSocketOptions() {}

    private WebSocketOptions(WebSocketOptions from) {
        messages = from.messages;
        engine = from.engine;
        compression = from.compression;
        drainTimeout = from.drainTimeout;
        highWaterBytes = from.highWaterBytes;
        lowWaterBytes = from.lowWaterBytes;
        rawFragments = from.rawFragments;
        stages = from.stages;
        frameLog = from.frameLog;
    }

    /** A changed copy. */
    private WebSocketOptions with(Consumer<WebSocketOptions> change) {
        WebSocketOptions changed = new WebSocketOptions(this);
        change.accept(changed);
        return changed;
    }

    /** The defaults, which each method below names. */
    public static WebSocketOptions defaults() {
        return DEFAULTS;
    }

    /** In which form messages arrive and how large they may be; default {@link MessagePolicy#strict()}, 1 MiB. */
    public WebSocketOptions messages(MessagePolicy policy) {
        return with(o -> o.messages = policy);
    }

    /**
     * How messages are compressed (RFC 7692); default {@link Compression#on()}: a client offers it, a server accepts it, and messages of 256
     * bytes and more are compressed where both do.
     */
    public WebSocketOptions compression(Compression how) {
        return with(o -> o.compression = how);
    }

    /**
     * The largest frame, in bytes on the wire; default unlimited, so that the message's limit alone counts. A longer one is refused
     * with 1009.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public WebSocketOptions maxFrameBytes(long bytes) {
        return engine(engine.withLimits(engine.limits().withFrameBytes(bytes)));
    }

    /**
     * How many frames a message may have beside one for every 64 bytes of its payload; 1 or more, default 4,096. One with more is
     * refused with 1008.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebSocketOptions maxFragments(int count) {
        return engine(engine.withLimits(engine.limits().withFragments(count)));
    }

    /**
     * How many pings, and pongs that answer none of ours, are taken in any second; 1 or more, default 200. Past it the connection
     * closes with 1008.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebSocketOptions maxControlFramesPerSecond(int count) {
        return engine(engine.withLimits(engine.limits().withControlFramesPerSecond(count)));
    }

    /** Whether pings are answered by themselves; default true. */
    public WebSocketOptions autoPong(boolean on) {
        return engine(engine.withAutoPong(on));
    }

    /** How a dead peer is noticed; default a ping after 20 s of silence, and 20 s for anything to come back. */
    public WebSocketOptions keepAlive(KeepAlive keepAlive) {
        return engine(engine.withKeepAlive(keepAlive.interval(), keepAlive.timeout())
                .withKeepAliveFrames(keepAlive.pongs(), keepAlive.bodies()));
    }

    /**
     * The silence after which a connection closes with 1001, where keep-alive is off or sends pongs; zero for never; default
     * 60 s.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public WebSocketOptions idleTimeout(Duration time) {
        return engine(engine.withIdleTimeout(time));
    }

    /**
     * How long a message that has begun may get no byte; zero for ever; default 30 s. Past it the connection closes with 1008.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public WebSocketOptions unfinishedMessageTimeout(Duration time) {
        return engine(engine.withStallTimeouts(time, engine.noProgressTimeout()));
    }

    /**
     * How long a peer may take none of the bytes that wait for it; positive; default 30 s. Past it the connection is cut off.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public WebSocketOptions noProgressTimeout(Duration time) {
        return engine(engine.withStallTimeouts(engine.unfinishedMessageTimeout(), time));
    }

    /**
     * How long the peer's close frame may take after ours has left; positive; default 3 s. Past it the connection is cut off.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public WebSocketOptions closeTimeout(Duration time) {
        return engine(engine.withCloseTimeout(time));
    }

    /**
     * How long a streamed message may wait for somebody who reads or discards it; zero for ever; default 30 s. After a third of it a
     * warning is logged, past it the connection closes with 1008.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public WebSocketOptions drainTimeout(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("drainTimeout must not be negative: " + time);
        }
        return with(o -> o.drainTimeout = time);
    }

    /**
     * The marks of the outgoing bytes that wait in a connection: writers wait above the high one and go on below the low one. A message
     * may overshoot the high mark by its own length.
     *
     * @param highBytes default 65,536
     * @param lowBytes default 32,768
     * @throws IllegalArgumentException unless 0 &lt; low &lt;= high
     */
    public WebSocketOptions waterMarks(int highBytes, int lowBytes) {
        if (lowBytes < 1 || lowBytes > highBytes) {
            throw new IllegalArgumentException("water marks must be 0 < low <= high, not " + lowBytes + " and " + highBytes);
        }
        return with(o -> {
            o.highWaterBytes = highBytes;
            o.lowWaterBytes = lowBytes;
        });
    }

    /** Whether a frames handler and stages get the fragments of a message one by one; default false: joined into one frame. */
    public WebSocketOptions rawFragments(boolean on) {
        return with(o -> o.rawFragments = on);
    }

    /**
     * The stages between protocol and handler, in place of those that were set before; default none. The first is the nearest to the
     * wire: what comes passes them first to last, what leaves last to first. {@link #stages()} has those that were set before, to
     * be added to or taken from.
     */
    public WebSocketOptions stages(FrameStage... inOrder) {
        List<FrameStage> chosen = List.of(inOrder);
        return with(o -> o.stages = chosen);
    }

    /** Adds a stage behind those that were set before, which is the place nearest to the handler. */
    public WebSocketOptions addStage(FrameStage stage) {
        return stages(Stream.concat(stages.stream(), Stream.of(stage)).toArray(FrameStage[]::new));
    }

    /**
     * Whether each frame is logged as it comes and leaves, between wire and stages: direction, opcode, flags, length and the first 16
     * bytes; default false. The logger is {@code io.hawser.frames}, its level DEBUG.
     */
    public WebSocketOptions frameLog(boolean on) {
        return with(o -> o.frameLog = on);
    }

    /**
     * The longest frame, in bytes of payload, that a whole message leaves in: a longer message leaves in fragments of that size; 1 or more;
     * default one frame, however long. A streamed message leaves as a frame an element all the same.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebSocketOptions fragmentBytes(int bytes) {
        return engine(engine.withFragmentBytes(bytes));
    }

    private WebSocketOptions engine(EngineSettings settings) {
        return with(o -> o.engine = settings);
    }

    /** The form of messages. */
    public MessagePolicy messages() {
        return messages;
    }

    /** How messages are compressed. */
    public Compression compression() {
        return compression;
    }

    /** These options as the protocol engine takes them, for a connection without compression. */
    public EngineSettings engineSettings() {
        return engine.withLimits(engine.limits().withMessageBytes(messages.maxBytes()));
    }

    /** How long a streamed message may wait for somebody who reads it; zero for ever. */
    public Duration drainTimeout() {
        return drainTimeout;
    }

    /** The mark in bytes above which writers wait. */
    public int highWaterBytes() {
        return highWaterBytes;
    }

    /** The mark in bytes below which they go on. */
    public int lowWaterBytes() {
        return lowWaterBytes;
    }

    /** Whether fragments arrive one by one in the frames face. */
    public boolean rawFragments() {
        return rawFragments;
    }

    /** The stages, the nearest to the wire first. */
    public List<FrameStage> stages() {
        return stages;
    }

    /** Whether frames are logged. */
    public boolean frameLog() {
        return frameLog;
    }
}
