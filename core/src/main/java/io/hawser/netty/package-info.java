// SPDX-License-Identifier: Apache-2.0

/**
 * Sockets, event loops and HTTP parsing, all of them Netty's; the only package here that sees it. Implements
 * what {@code io.hawser.network} names; servers and clients call it to begin, and that from then on. {@code PipelineUpgrades} is for the module
 * {@code io.hawser.embedded}, whose users have Netty's pipelines of their own.
 */
@NullMarked
package io.hawser.netty;

import org.jspecify.annotations.NullMarked;
