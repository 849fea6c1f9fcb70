// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Frame;
import io.hawser.protocol.frame.MaskedFrameSink;

/** Where frames go, whole or in chunks; close frames never do. Takes all of each chunk. */
interface FramePath {
    /** Takes a whole frame. */
    void frame(Frame frame);

    /** Takes frames in chunks. */
    MaskedFrameSink chunks();
}
