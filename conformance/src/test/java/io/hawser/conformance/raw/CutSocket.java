// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A TCP socket that cuts what is sent through it, TLS's records too, where that is what goes over it. */
final class CutSocket extends Socket {
    private Cut cut = Cut.WHOLE;

    /** How it cuts from now on; for the thread that sends. */
    void cut(Cut chosen) {
        cut = chosen;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                for (byte[] piece : cut.pieces(bytes, from, length)) {
                    out.write(piece);
                }
            }
        };
    }
}
