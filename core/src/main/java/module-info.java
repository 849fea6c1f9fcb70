// SPDX-License-Identifier: Apache-2.0

/** WebSocket server with three faces, streams, direct and frames, over Netty. */
module io.hawser {
    requires transitive io.hawser.protocol;
    requires transitive java.net.http;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.handler.proxy;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.unix.common;

    exports io.hawser;
    exports io.hawser.client;
    exports io.hawser.route;
    exports io.hawser.server;

    // Its connections run in memory there.
    exports io.hawser.connection to io.hawser.testkit;
    exports io.hawser.http to io.hawser.testkit, io.hawser.embedded;
    exports io.hawser.network to io.hawser.testkit;
    exports io.hawser.waiting to io.hawser.testkit;

    // It gives them to pipelines of a Netty application's own.
    exports io.hawser.netty to io.hawser.embedded;
}
