// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import java.util.Locale;

/** A face of the demo's echo, each with a path of its own. */
enum DemoFace {
    STREAMS,
    DIRECT,
    FRAMES;

    /** The name in paths and reports. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where the demo serves an echo written against this face. */
    String path() {
        return "/echo/" + label();
    }

    @Override
    public String toString() {
        return label();
    }
}
