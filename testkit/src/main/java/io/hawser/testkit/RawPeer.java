// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Request;
import io.hawser.testkit.memory.HandEnd;
import io.hawser.testkit.memory.SeenFrame;
import io.hawser.testkit.memory.SeenFrames;
import io.hawser.testkit.memory.Strand;
import io.hawser.testkit.memory.World;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One end of a WebSocket connection with no engine behind it: it sends what the test says, byte by byte and legal or not, answers nothing by
 * itself, and shows what comes. A client that {@link HawserTest#raw} connected, or what a {@link RawServer} accepted.
 *
 * <p>What it expects it expects in order: each byte that came is taken by one expectation. An expectation waits for {@link
 * TestOptions#within}, in virtual time, and one that is not met is an {@link AssertionError}. For the test's own thread.
 */
public final class RawPeer {
    private static final int SHOWN_BYTES = 64;

    private final Scene scene;
    private final World world;
    private final HandEnd end;
    private final Strand strand;
    private final boolean client;
    /** How many bytes expectations have taken. */
    private int expected;

    /**
     * A peer.
     *
     * @param client whether it is, else it is a server
     */
    RawPeer(Scene scene, HandEnd end, Strand strand, boolean client) {
        this.scene = scene;
        this.world = scene.world();
        this.end = end;
        this.strand = strand;
        this.client = client;
    }

    /** The request that opened the connection. */
    public Request request() {
        return strand.request();
    }

    /** What goes wrong with what the client sends. */
    public Faults toServer() {
        return new Faults(strand.toServer());
    }

    /** What goes wrong with what the server sends. */
    public Faults toClient() {
        return new Faults(strand.toClient());
    }

    /** What has passed the connection so far, as it passed this end; first it lets everything happen that can while the clock stands still. */
    public Recording recording() {
        world.settle();
        return Recording.of(strand, client);
    }

    // ---- sending

    /**
     * Sends bytes, as far as the other side takes them; the rest follows when it does.
     *
     * @param bytes copied
     * @throws IllegalStateException if the connection was reset, or this end has ended its output
     */
    public RawPeer send(byte... bytes) {
        byte[] copy = bytes.clone();
        world.onLoop(() -> {
            if (end.isReset() || end.isEnding()) {
                throw new IllegalStateException("nothing can be sent: " + (end.isReset() ? "the connection was reset" : "the output has ended"));
            }
            end.send(copy);
        });
        return this;
    }

    /**
     * Sends bytes, as in "81 85 37 fa 21 3d 7f 9f 4d 51 58".
     *
     * @param hex two digits a byte; white space does not count
     * @throws IllegalArgumentException if it is something else
     * @throws IllegalStateException as {@link #send(byte...)}
     */
    public RawPeer sendHex(String hex) {
        return send(bytes(hex));
    }

    /**
     * Sends a frame: as a client masked, unless it says otherwise.
     *
     * @throws IllegalStateException as {@link #send(byte...)}
     */
    public RawPeer send(RawFrame frame) {
        return send(frame.bytes(client));
    }

    /** Ends what this end sends, behind all that waits: the other side reads to the end, as of a TCP connection half closed. */
    public RawPeer end() {
        world.onLoop(end::endOutput);
        return this;
    }

    /** Breaks the connection: the other side is told of a reset, and what is under way to it is lost. */
    public RawPeer reset() {
        world.onLoop(end::cut);
        return this;
    }

    private static byte[] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("bytes are written with two hexadecimal digits each, as in \"81 00\", not as \"" + hex + "\"", e);
        }
    }

    // ---- expecting

    /** Takes the next frame, legal or not. */
    public RawFrame expectFrame() {
        return expectFrame("a frame");
    }

    private RawFrame expectFrame(String what) {
        int[] looked = {-1};
        await(() -> {
            boolean more = looked[0] != end.receivedBytes();
            looked[0] = end.receivedBytes();
            return more && nextFrame().isPresent();
        });
        ByteBuffer ahead = unexpected();
        SeenFrame frame = SeenFrames.next(ahead).orElseThrow(() -> failure(what));
        expected += ahead.position();
        return RawFrame.of(frame);
    }

    /** Takes the next frame, which must be equal to this one. */
    public RawPeer expect(RawFrame frame) {
        int before = expected;
        RawFrame came = expectFrame(frame.toString());
        if (!came.equals(frame)) {
            expected = before;
            throw failure(frame.toString());
        }
        return this;
    }

    /**
     * Takes the next bytes, which must be these.
     *
     * @throws IllegalArgumentException if it is something else than bytes in hex, as {@link #sendHex}
     */
    public RawPeer expectHex(String hex) {
        byte[] bytes = bytes(hex);
        await(() -> end.receivedBytes() - expected >= bytes.length);
        ByteBuffer came = unexpected();
        byte[] first = new byte[Math.min(bytes.length, came.remaining())];
        came.get(first);
        if (!Arrays.equals(first, bytes)) {
            throw failure("the bytes " + hex(bytes));
        }
        expected += bytes.length;
        return this;
    }

    /** Takes the next frame, which must be a close frame with this code; its reason is what is returned. */
    public String expectClose(int code) {
        String what = "a close frame with " + code;
        int before = expected;
        RawFrame frame = expectFrame(what);
        if (frame.closeCode().orElse(-1) != code) {
            expected = before;
            throw failure(what);
        }
        return frame.text().substring(2);
    }

    /** Waits for the end of what the other side sends, in front of which nothing more may come. */
    public RawPeer expectEnd() {
        await(end::isEnded);
        if (hasUnexpected() || !end.isEnded()) {
            throw failure("the end");
        }
        return this;
    }

    /** Waits for a reset, in front of which nothing more may come. */
    public RawPeer expectReset() {
        world.await(() -> end.isReset() || hasUnexpected(), scene.options().within());
        if (hasUnexpected() || !end.isReset()) {
            throw failure("a reset");
        }
        return this;
    }

    /** Lets everything happen that can while the clock stands still; no byte, end or reset may come. */
    public RawPeer expectNothing() {
        return expectNothing(Duration.ZERO);
    }

    /**
     * Lets time pass, in which no byte, end or reset may come.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public RawPeer expectNothing(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the time must not be negative, as " + time + " is");
        }
        boolean wasEnded = end.isEnded();
        boolean wasReset = end.isReset();
        world.advance(time);
        if (hasUnexpected() || end.isEnded() != wasEnded || end.isReset() != wasReset) {
            throw failure("nothing" + (time.isZero() ? "" : " within " + Shown.time(time)));
        }
        return this;
    }

    /** All bytes that came so far. */
    public byte[] received() {
        return end.received();
    }

    // ---- what they have in common

    /** Waits until something is so, or nothing more can come. */
    private void await(BooleanSupplier until) {
        world.await(() -> until.getAsBoolean() || end.isEnded() || end.isReset(), scene.options().within());
    }

    private ByteBuffer unexpected() {
        return ByteBuffer.wrap(end.received(), expected, end.receivedBytes() - expected).slice();
    }

    private boolean hasUnexpected() {
        return end.receivedBytes() > expected;
    }

    private Optional<SeenFrame> nextFrame() {
        return SeenFrames.next(unexpected());
    }

    private AssertionError failure(String what) {
        return Report.failure(scene, strand, what, came());
    }

    private String came() {
        if (hasUnexpected()) {
            return nextFrame().map(frame -> frame + " came").orElseGet(() -> "these bytes came: " + hex(unexpected()));
        }
        return end.isReset() ? "the connection was reset" : end.isEnded() ? "the output ended" : "nothing came";
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return hex(copy);
    }

    private static String hex(byte[] bytes) {
        String begin = HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES));
        return bytes.length <= SHOWN_BYTES ? begin : begin + " …, " + bytes.length + " bytes";
    }
}
