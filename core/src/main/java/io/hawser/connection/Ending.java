// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.WebSocketClosedException;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.ProtocolViolation;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How a connection ends, for any thread to ask; told by its loop. */
final class Ending {
    private final CompletableFuture<Closed> done = new CompletableFuture<>();
    private volatile @Nullable Closed asked;
    private volatile @Nullable Closed how;
    /** Written before {@link #how}. */
    private @Nullable ProtocolViolation violation;

    private boolean messageCutOff;

    /** Our own close was asked for: data behind it is not sent. */
    void ask(CloseStatus status) {
        if (asked == null) {
            asked = new Closed(status, true, false);
        }
    }

    /** The connection is closed, perhaps inside a message of the peer's; on the loop, once. */
    void end(Closed closed, @Nullable ProtocolViolation fault, boolean insideMessage) {
        violation = fault;
        messageCutOff = insideMessage;
        how = closed;
    }

    /** All that had to know does; completes {@link #done}. */
    void complete() {
        done.complete(require());
    }

    /** How the connection ended; null while it has not. */
    @Nullable Closed how() {
        return how;
    }

    /** How the connection ended, or will for all that is known since we asked for it; null while it is open. */
    @Nullable Closed known() {
        Closed end = how;
        return end == null ? asked : end;
    }

    /** How the connection ended, which it has. */
    Closed require() {
        return Objects.requireNonNull(how);
    }

    /** What the input ends with for the application: null for an ordinary end. */
    @Nullable WebSocketClosedException failure() {
        Closed end = require();
        boolean clean = end.clean() && end.status().isNormal() && !messageCutOff;
        boolean ordinary = violation == null && (end.local() || clean);
        return ordinary ? null : new WebSocketClosedException(end, violation);
    }

    /** What a message ends with that was open when the connection was closed. */
    WebSocketClosedException inputFailure() {
        WebSocketClosedException failure = failure();
        return failure == null ? new WebSocketClosedException(require(), violation) : failure;
    }

    /** Completes when the connection is closed; never fails. */
    CompletionStage<Closed> done() {
        return done.minimalCompletionStage();
    }
}
