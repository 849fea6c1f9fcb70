// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

/** What knows where those wait who wait for it. */
public interface Surrounded {
    /** Where they wait. */
    Surroundings surroundings();

    /** Where to wait for something: where it says, or else where the calling thread belongs. */
    static Surroundings surroundingsOf(Object awaited) {
        return awaited instanceof Surrounded surrounded ? surrounded.surroundings() : Surroundings.current();
    }
}
