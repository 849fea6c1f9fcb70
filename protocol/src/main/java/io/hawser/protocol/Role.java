// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

/** The side of a connection that an engine plays; it decides who masks and who ends TCP first (RFC 6455, 5.1 and 7.1.1). */
public enum Role {
    /** Receives masked frames, sends unmasked ones, ends TCP first after a clean close. */
    SERVER,
    /** Sends masked frames, receives unmasked ones, waits for the server to end TCP. */
    CLIENT;

    /** Whether this side masks what it sends. */
    public boolean masks() {
        return this == CLIENT;
    }
}
