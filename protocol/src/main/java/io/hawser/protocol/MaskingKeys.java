// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

/**
 * Where a client's masking keys come from. RFC 6455, 5.3 asks for a strong source of entropy, so that nobody can choose the
 * bytes that an intermediary sees; tests may use fixed keys.
 */
@FunctionalInterface
public interface MaskingKeys {
    /** The next key, as four bytes in network order; called once a frame on the thread that drives the engine. */
    int next();
}
