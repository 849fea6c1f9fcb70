// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.http.Application;
import io.hawser.http.HttpSettings;
import io.hawser.waiting.Surroundings;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.function.Predicate;

/** The WebSockets of a server that is somebody else's, whose pipelines hand over the requests for them. For any thread. */
public final class PipelineUpgrades {
    private final HttpSettings settings;
    private final Predicate<? super String> paths;
    private final Predicate<? super ChannelHandler> alsoRemoved;
    private final Application application;
    private final OpenChannels open = new OpenChannels();

    /**
     * No WebSockets yet.
     *
     * @param settings of which what is HTTP's and the socket's own is left to the pipelines
     * @param paths of which paths, decoded, requests are taken if they ask for WebSocket
     * @param alsoRemoved what an upgrade takes out of a pipeline beside Netty's own handlers of HTTP
     */
    public PipelineUpgrades(
            HttpSettings settings, Predicate<? super String> paths, Predicate<? super ChannelHandler> alsoRemoved) {
        this.settings = settings;
        this.paths = paths;
        this.alsoRemoved = alsoRemoved;
        this.application = new Application(settings, Surroundings.ofSystem());
    }

    /** A handler for one pipeline. */
    public ChannelHandler newHandler() {
        return new UpgradeTaker(this);
    }

    /** Closes all connections with 1001, waits for that as long as the grace, and cuts what is left; what asks from now on gets 503. */
    public void stop(Duration grace) {
        Loops.requireNoLoop("closing");
        open.stop(() -> open.end(grace, undecided -> {}));
    }

    HttpSettings settings() {
        return settings;
    }

    Application application() {
        return application;
    }

    OpenChannels open() {
        return open;
    }

    boolean takes(String path) {
        return paths.test(path);
    }

    /** Whether a handler in front of the one that takes requests speaks HTTP, so that it has no part in a WebSocket connection. */
    boolean isOfHttp(ChannelHandler handler) {
        if (alsoRemoved.test(handler)) {
            return true;
        }
        for (Class<?> type = handler.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().startsWith("io.netty.handler.codec.http.")) {
                return true;
            }
        }
        return false;
    }
}
