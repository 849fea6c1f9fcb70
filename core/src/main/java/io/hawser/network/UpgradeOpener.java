// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.Opening;

/** Makes of an accepted upgrade what the connection begins with; on the loop, and must not block. */
@FunctionalInterface
public interface UpgradeOpener {
    /** What the connection begins with. */
    Opening open(Request request, Response response);
}
