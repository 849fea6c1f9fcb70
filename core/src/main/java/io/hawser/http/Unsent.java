// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.BinaryMessage;
import io.hawser.Response;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a response that nobody gets any more. */
public final class Unsent {
    private static final Logger LOG = LoggerFactory.getLogger(Unsent.class);

    private Unsent() {}

    /** Cancels the streams in a response, so that what they hold is let go; on any thread. */
    public static void discard(Response response) {
        discard(response.body());
    }

    private static void discard(Response.Body body) {
        switch (body) {
            case Response.Body.Bytes whole -> {}
            case Response.Body.FilePart file -> {}
            case Response.Body.Stream stream -> cancel(stream.chunks());
            case Response.Body.Sequence sequence -> sequence.parts().forEach(Unsent::discard);
        }
    }

    private static void cancel(Flow.Publisher<ByteBuffer> chunks) {
        try {
            BinaryMessage.streamed(chunks).discard();
        } catch (RuntimeException e) { // against Reactive Streams 1.9; there is nobody left to be told
            LOG.debug("a response that nobody gets any more cannot be cancelled", e);
        }
    }
}
