// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.assertj;

import io.hawser.testkit.Probe;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on what a probe receives. Each waits, and takes what it finds, as the method of {@link Probe} that it names. */
public final class ProbeAssert extends AbstractAssert<ProbeAssert, @Nullable Probe> {
    ProbeAssert(@Nullable Probe actual) {
        super(actual, ProbeAssert.class);
    }

    private Probe probe() {
        isNotNull();
        assert actual != null;
        return actual;
    }

    /**
     * The next messages are these texts; {@link Probe#expectText(String)}.
     *
     * @param texts at least one
     * @throws IllegalArgumentException if there is none, of which nothing would be asserted
     */
    public ProbeAssert hasReceivedText(String... texts) {
        if (texts.length == 0) {
            throw new IllegalArgumentException("hasReceivedText needs a text; for none that came there is hasReceivedNothingMore()");
        }
        for (String text : texts) {
            probe().expectText(text);
        }
        return this;
    }

    /** The next message is these bytes; {@link Probe#expectBytes(byte[])}. */
    public ProbeAssert hasReceivedBytes(byte[] bytes) {
        probe().expectBytes(bytes);
        return this;
    }

    /** No message is there that was not taken; {@link Probe#expectNoMessage()}. */
    public ProbeAssert hasReceivedNothingMore() {
        probe().expectNoMessage();
        return this;
    }

    /** The connection is closed with this code; {@link Probe#expectClosed(int)}. */
    public ProbeAssert isClosedWith(int code) {
        probe().expectClosed(code);
        return this;
    }

    /** The server chose this subprotocol. */
    public ProbeAssert hasSubprotocol(String name) {
        HawserAssertions.requireEqual(probe().connection().subprotocol(), Optional.of(name), "subprotocol");
        return this;
    }
}
