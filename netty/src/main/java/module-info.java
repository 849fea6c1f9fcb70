// SPDX-License-Identifier: Apache-2.0

/** Hawser's WebSockets in the pipelines of a Netty application. */
module io.hawser.embedded {
    requires transitive io.hawser;
    requires transitive io.netty.transport;
    requires static transitive org.jspecify;

    exports io.hawser.embedded;
}
