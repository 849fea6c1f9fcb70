// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

/** A run that cannot go on; an error, so that no handler mistakes it for a failure of its own. */
public final class Stuck extends AssertionError {
    private static final long serialVersionUID = 1;

    Stuck(String message) {
        super(message);
    }
}
