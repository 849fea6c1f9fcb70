// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.Request;
import io.hawser.Response;
import java.util.function.Consumer;

/** What is asked at a port; on the loop. */
public interface Door {
    /**
     * Answers a request.
     *
     * @param told takes the reply on the loop, once; perhaps before this returns
     */
    void ask(Request request, Consumer<Reply> told);

    /** What becomes of a request. */
    sealed interface Reply {
        /** A response, as the client receives it. */
        record Plain(Response response) implements Reply {}

        /**
         * A response whose body broke off.
         *
         * @param head the response, as the client receives it, without its body
         * @param why what kept the rest from coming
         */
        record Cut(Response head, Throwable why) implements Reply {}

        /** A 101, as the client receives it, and what becomes of the connection at this side. */
        record Switched(Response response, Joining server) implements Reply {}
    }

    /** Makes one end of a connection of two links. */
    @FunctionalInterface
    interface Joining {
        /** The end; what it sends at once may wait in the link. */
        End join(Link out, Link in, MemoryWire.Addresses addresses);
    }
}
