// SPDX-License-Identifier: Apache-2.0

/**
 * The WebSocket protocol, RFC 6455, without input or output: bytes in, callbacks and bytes out. It knows no thread, no
 * clock, no socket and no logger; time and randomness are arguments. Any server or client can drive it.
 */
module io.hawser.protocol {
    requires static transitive org.jspecify;

    exports io.hawser.protocol;
    exports io.hawser.protocol.engine;
    exports io.hawser.protocol.handshake;
}
