// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Message;
import java.util.ArrayDeque;

/** Messages that were passed over in search of another one: how many, and the last of them, as a failure shows them. */
final class Skipped {
    private static final int SHOWN = 10;

    private final ArrayDeque<String> last = new ArrayDeque<>();
    private long count;

    void add(Message message) {
        count++;
        if (last.size() == SHOWN) {
            last.remove();
        }
        last.add(Shown.message(message));
    }

    /** Lines of their own behind a sentence; empty if there were none. */
    @Override
    public String toString() {
        if (count == 0) {
            return "";
        }
        String head = count > SHOWN ? ", the last " + SHOWN + " of them:" : ":";
        return "\nskipped " + Shown.count(count, "message") + head + "\n  " + String.join("\n  ", last);
    }
}
