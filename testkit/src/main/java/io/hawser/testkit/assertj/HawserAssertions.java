// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.assertj;

import io.hawser.Closed;
import io.hawser.Response;
import io.hawser.testkit.Probe;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Where assertions begin: {@code assertThat(probe).hasReceivedText("Ahoy")}. To be imported beside AssertJ's own. */
public final class HawserAssertions {
    private HawserAssertions() {}

    /** Assertions on what a probe receives. */
    public static ProbeAssert assertThat(@Nullable Probe actual) {
        return new ProbeAssert(actual);
    }

    /** Assertions on how a connection ended. */
    public static ClosedAssert assertThat(@Nullable Closed actual) {
        return new ClosedAssert(actual);
    }

    /** Assertions on a response. */
    public static ResponseAssert assertThat(@Nullable Response actual) {
        return new ResponseAssert(actual);
    }

    /** That two values are equal, named as the caller's failure should name them. */
    static void requireEqual(Object actual, Object expected, String what) {
        Assertions.assertThat(actual).as(what).isEqualTo(expected);
    }
}
