// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.waiting.Surrounded;

/** A message as it comes, which makes way for the next one when its receiver goes on. */
interface Unread extends Surrounded {
    /** The handler has it, and is expected to read it; on the loop. */
    void onDelivered();

    /** Drops what is left, unless somebody other than the receiving thread has subscribed to it. */
    void makeWay();
}
