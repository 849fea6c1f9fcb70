// SPDX-License-Identifier: Apache-2.0

/**
 * What the protocol's tests share: bytes in hex, frames right and wrong, cuts, a probe around an engine, and
 * a reference decoder.
 */
package io.hawser.protocol.testing;
