// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Transport;
import org.junit.jupiter.api.Assumptions;

/** Skips a test of a transport where that does not work: it may need another system, or a kernel that permits it. */
public final class TransportCheck {
    private TransportCheck() {}

    public static void assumeWorks(Transport transport) {
        try {
            Transports.of(transport);
        } catch (IllegalStateException unavailable) {
            Assumptions.abort(unavailable.getMessage());
        }
    }
}
