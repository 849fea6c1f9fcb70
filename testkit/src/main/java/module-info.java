// SPDX-License-Identifier: Apache-2.0

/** Tests of WebSocket code on the real engine, in memory, under a virtual clock. */
module io.hawser.testkit {
    requires transitive io.hawser;
    requires static transitive org.jspecify;
    // For those who test with them
    requires static transitive org.assertj.core;
    requires static transitive org.junit.jupiter.api;

    exports io.hawser.testkit;
    exports io.hawser.testkit.assertj;
    exports io.hawser.testkit.junit;
}
