// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.ConnectFailedException;
import io.hawser.HttpStatusException;
import io.hawser.MessageTooLargeException;
import io.hawser.UnexpectedMessageException;
import io.hawser.UpgradeRefusedException;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketException;
import io.hawser.protocol.CloseStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What {@link ConnectOptions} say of a connection that is made anew; its methods of the same names tell what each means. Immutable. */
final class ReconnectOptions {
    static final ReconnectOptions DEFAULTS = new ReconnectOptions();

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private Duration firstWait = Duration.ofMillis(500);
    private Duration maxWait = Duration.ofSeconds(30);
    private Duration stableAfter = Duration.ofSeconds(10);
    private @Nullable Duration giveUpAfter;
    private int keptMessages;
    private long keptBytes;
    private Predicate<? super WebSocketException> stopWhen = end -> false;
    private Consumer<? super Reconnecting.State> listener = state -> {};

    private ReconnectOptions() {}

    private ReconnectOptions(ReconnectOptions from) {
        firstWait = from.firstWait;
        maxWait = from.maxWait;
        stableAfter = from.stableAfter;
        giveUpAfter = from.giveUpAfter;
        keptMessages = from.keptMessages;
        keptBytes = from.keptBytes;
        stopWhen = from.stopWhen;
        listener = from.listener;
    }

    /** A changed copy. */
    private ReconnectOptions with(Consumer<ReconnectOptions> change) {
        ReconnectOptions changed = new ReconnectOptions(this);
        change.accept(changed);
        return changed;
    }

    /** Whether the server does not want this client, now or later: 401, 403, or its close with 1008. */
    static boolean isPolicy(WebSocketException end) {
        return switch (end) {
            case UpgradeRefusedException refused -> refused.status() == UNAUTHORIZED || refused.status() == FORBIDDEN;
            case WebSocketClosedException closed -> !closed.closed().local()
                    && closed.closed().status().code() == CloseStatus.POLICY_VIOLATION;
            case ConnectFailedException failed -> false;
            case HttpStatusException never -> false;
            case MessageTooLargeException never -> false;
            case UnexpectedMessageException never -> false;
            case WaitInterruptedException never -> false;
        };
    }

    ReconnectOptions backOff(Duration first, Duration max) {
        require(first.isPositive(), "the first back-off must be positive, not " + first);
        require(max.compareTo(first) >= 0, "the longest back-off must not be below the first, " + first + ", but is " + max);
        require(max.compareTo(LONGEST_WAIT) <= 0, "the longest back-off must be a day or less, not " + max);
        return with(o -> {
            o.firstWait = first;
            o.maxWait = max;
        });
    }

    ReconnectOptions stableAfter(Duration time) {
        require(!time.isNegative(), "stableAfter must not be negative: " + time);
        return with(o -> o.stableAfter = time);
    }

    ReconnectOptions giveUpAfter(Duration time) {
        require(!time.isNegative(), "giveUpAfter must not be negative: " + time);
        return with(o -> o.giveUpAfter = time);
    }

    ReconnectOptions keepUnsent(int messages, long bytes) {
        require(messages >= 0, "the number of messages to keep must be 0 or more, not " + messages);
        require(bytes >= 0, "the bytes of messages to keep must be 0 or more, not " + bytes);
        return with(o -> {
            o.keptMessages = messages;
            o.keptBytes = bytes;
        });
    }

    ReconnectOptions stopWhen(Predicate<? super WebSocketException> end) {
        ReconnectOptions changed = new ReconnectOptions(this);
        Predicate<? super WebSocketException> before = stopWhen;
        changed.stopWhen = why -> before.test(why) || end.test(why);
        return changed;
    }

    ReconnectOptions onReconnecting(Consumer<? super Reconnecting.State> states) {
        return with(o -> o.listener = states);
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    Duration firstWait() {
        return firstWait;
    }

    Duration maxWait() {
        return maxWait;
    }

    Duration stableAfter() {
        return stableAfter;
    }

    Optional<Duration> giveUpAfter() {
        return Optional.ofNullable(giveUpAfter);
    }

    int keptMessages() {
        return keptMessages;
    }

    long keptBytes() {
        return keptBytes;
    }

    Predicate<? super WebSocketException> stopWhen() {
        return stopWhen;
    }

    Consumer<? super Reconnecting.State> listener() {
        return listener;
    }
}
