// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.testkit.memory.Strand;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Waiting for what a test expects of one connection, and how it is told that something else came. */
final class Expecting {
    private final Scene scene;
    private final Strand strand;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private Duration within;
    private @Nullable Closed closed;

    Expecting(Scene scene, Connection connection, ProbeHandler handler) {
        this.scene = scene;
        this.strand = scene.network().strand(connection).orElseThrow();
        this.incoming = handler.incoming();
        this.outgoing = handler.outgoing();
        this.within = scene.options().within();
        connection.closed().thenAccept(how -> closed = how);
    }

    Strand strand() {
        return strand;
    }

    void within(Duration time) {
        TestOptions.requireNotNegative("within", time);
        within = time;
    }

    /** Waits; false if it does not come in time. */
    boolean await(BooleanSupplier until) {
        return scene.world().await(until, within);
    }

    /** Waits until an instant of virtual time, such as {@link #latest}; false if it does not come by then. */
    boolean await(BooleanSupplier until, Duration latest) {
        Duration left = latest.minus(scene.world().elapsed());
        return scene.world().await(until, left.isNegative() ? Duration.ZERO : left);
    }

    /** Until when what is expected from now on has to come. */
    Duration latest() {
        return scene.world().elapsed().plus(within);
    }

    /** How the connection ended; null while it has not. */
    @Nullable Closed closed() {
        return closed;
    }

    /** Whether no message can come any more. */
    boolean isOver() {
        return closed != null || incoming.hasEnded();
    }

    /** What came instead of a message: the end, or nothing in time. */
    String noMessage() {
        return isOver() ? end() : nothing();
    }

    /** What is told of the end, which has come. */
    String end() {
        if (closed != null) {
            return "the connection was closed: " + closed;
        }
        return incoming.failure() == null ? "the input completed" : "the input failed with " + incoming.failure();
    }

    /** What is told if it did not come in time. */
    String nothing() {
        return none("nothing");
    }

    /** The same of some messages, such as "nothing that fits". */
    String none(String what) {
        long waiting = outgoing.waiting();
        return what + " came within " + Shown.time(within)
                + (waiting == 0 ? "" : "; " + Shown.count(waiting, "message") + " of the probe could not leave so far")
                + scene.world().whereabouts().stream().map(where -> "\n  " + where).collect(Collectors.joining());
    }

    /** All frames that have passed. */
    String frames() {
        return Report.frames(strand.transcript().entries());
    }

    AssertionError failure(String expected, String came) {
        return Report.failure(scene, strand, expected, came);
    }
}
