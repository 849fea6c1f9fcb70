// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.Opening;
import java.util.Optional;

/** What a client offers, and what it makes of an accepted upgrade. */
@FunctionalInterface
public interface UpgradeOpener {
    /** What is offered of compression, if anything is; asked anew for each server. */
    default Optional<CompressionOffer> compression() {
        return Optional.empty();
    }

    /** What the connection begins with, but for what was agreed on of compression; on the loop, and must not block. */
    Opening open(Request request, Response response);
}
