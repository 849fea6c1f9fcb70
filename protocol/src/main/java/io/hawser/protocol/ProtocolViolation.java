// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

/**
 * A peer's fault: what it did, the section of the RFC that forbids it, and the status to close with. It has no stack trace,
 * since where it was noticed is of no interest and an attacker should not be able to make it costly.
 */
public final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CloseStatus status;
    private final String section;

    /**
     * A violation.
     *
     * @param closeCode the status code to fail the connection with
     * @param section the section of RFC 6455 (or another document, named) that was broken
     * @param what what the peer did; it goes into the close frame's reason, so at most 123 bytes of UTF-8
     * @throws IllegalArgumentException if code and text make no {@link CloseStatus}
     */
    public ProtocolViolation(int closeCode, String section, String what) {
        super(what, null, false, false);
        this.status = CloseStatus.of(closeCode, what);
        this.section = section;
    }

    /** The section that was broken, "5.5" for RFC 6455's. */
    public String section() {
        return section;
    }

    /** The status to close with, which tells the peer. */
    public CloseStatus status() {
        return status;
    }
}
