// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

/** A native compressor for the length of a message. */
sealed interface Leased permits LeasedDeflater, LeasedInflater {
    /** How much memory it takes. */
    long bytes();

    /** Gives that back to the system. */
    void end();
}
