// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.assertj;

import io.hawser.Closed;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on how a connection ended. */
public final class ClosedAssert extends AbstractAssert<ClosedAssert, @Nullable Closed> {
    ClosedAssert(@Nullable Closed actual) {
        super(actual, ClosedAssert.class);
    }

    private Closed closed() {
        isNotNull();
        assert actual != null;
        return actual;
    }

    /** The code of the side that closed first; 1005 if it gave none, 1006 if the connection was cut off. */
    public ClosedAssert hasCode(int code) {
        HawserAssertions.requireEqual(closed().status().code(), code, "code of " + closed());
        return this;
    }

    /** The reason beside the code. */
    public ClosedAssert hasReason(String reason) {
        HawserAssertions.requireEqual(closed().status().reason(), reason, "reason of " + closed());
        return this;
    }

    /** Both sides' close frames were exchanged. */
    public ClosedAssert isClean() {
        return is("clean", closed().clean());
    }

    /** A close frame is missing. */
    public ClosedAssert isNotClean() {
        return is("not clean", !closed().clean());
    }

    /** This side closed first. */
    public ClosedAssert isByThisSide() {
        return is("by this side", closed().local());
    }

    /** The peer closed first. */
    public ClosedAssert isByThePeer() {
        return is("by the peer", !closed().local());
    }

    private ClosedAssert is(String expected, boolean so) {
        if (!so) {
            failWithMessage("expected an end that is %s, but it was: %s", expected, closed());
        }
        return this;
    }
}
