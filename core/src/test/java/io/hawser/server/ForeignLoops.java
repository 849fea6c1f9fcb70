// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import io.hawser.EventLoops;
import io.hawser.Transport;

/** Event loops that are nobody's server. */
public record ForeignLoops() implements EventLoops {
    @Override
    public int count() {
        return 1;
    }

    @Override
    public Transport transport() {
        return Transport.NIO;
    }

    @Override
    public String toString() {
        return "loops of others";
    }
}
