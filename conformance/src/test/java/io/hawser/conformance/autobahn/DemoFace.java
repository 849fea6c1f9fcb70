// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.streams;

import io.hawser.Message;
import io.hawser.WebSocketHandler;
import java.util.Locale;
import java.util.stream.Stream;

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

    /** The face whose echo is served at a path. */
    static DemoFace of(String path) {
        return Stream.of(values()).filter(face -> face.path().equals(path)).findFirst().orElseThrow();
    }

    /** An echo written against this face, as the demo has it. */
    WebSocketHandler echo() {
        return switch (this) {
            case STREAMS -> streams(in -> in);
            case DIRECT -> direct(socket -> {
                for (Message message : socket) {
                    socket.send(message);
                }
            });
            case FRAMES -> frames(channel -> frame -> {
                if (!frame.opcode().isControl()) {
                    channel.send(frame.withoutMaskingKey());
                }
            });
        };
    }

    @Override
    public String toString() {
        return label();
    }
}
