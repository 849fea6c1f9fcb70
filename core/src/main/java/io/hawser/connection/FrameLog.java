// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.StageContext;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the head and the first bytes of each frame in both directions. It looks only. */
record FrameLog(LiveConnection live) implements FrameStage {
    private static final Logger LOG = LoggerFactory.getLogger("io.hawser.frames");
    private static final int SHOWN_BYTES = 16;

    @Override
    public Opened open(StageContext stage) {
        String where = live.request().path() + " " + live.wire().remoteAddress();
        return new Chunks() {
            @Override
            public FrameSink incoming(FrameSink next) {
                return new Watched(where + " <-", next);
            }

            @Override
            public FrameSink outgoing(FrameSink next) {
                return new Watched(where + " ->", next);
            }

            @Override
            public void closeComes(Frame close) {
                logClose(where + " <-", close);
            }

            @Override
            public void closeLeaves(Frame close) {
                logClose(where + " ->", close);
            }
        };
    }

    private static void logClose(String where, Frame close) {
        ByteBuffer payload = close.payload();
        byte[] shown = new byte[Math.min(SHOWN_BYTES, payload.remaining())];
        payload.get(shown);
        log(where, close.opcode(), close.fin(), close.rsv(), close.length(), shown);
    }

    private static void log(String where, Opcode opcode, boolean fin, int rsv, long length, byte[] shown) {
        if (LOG.isDebugEnabled()) {
            String flags = (fin ? " fin" : "") + (rsv == 0 ? "" : " rsv" + rsv);
            LOG.debug("{} {}{} {} bytes {}", where, opcode, flags, length, HexFormat.of().formatHex(shown));
        }
    }

    /** One direction: a frame is told when its first bytes are there. */
    private static final class Watched implements FrameSink {
        private final String where;
        private final FrameSink next;
        private final byte[] first = new byte[SHOWN_BYTES];
        private int size;
        private boolean told;
        private Opcode opcode = Opcode.BINARY;
        private boolean fin;
        private int rsv;
        /** Negative if it is not known so far. */
        private long length;

        private long passed;

        Watched(String where, FrameSink next) {
            this.where = where;
            this.next = next;
        }

        @Override
        public void onFrame(Opcode frameOpcode, boolean frameFin, int frameRsv, long frameLength) {
            opcode = frameOpcode;
            fin = frameFin;
            rsv = frameRsv;
            length = frameLength;
            size = 0;
            passed = 0;
            told = false;
            next.onFrame(frameOpcode, frameFin, frameRsv, frameLength);
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            int more = Math.min(SHOWN_BYTES - size, chunk.remaining());
            chunk.get(chunk.position(), first, size, more);
            size += more;
            passed += chunk.remaining();
            if (size == SHOWN_BYTES && length >= 0) {
                tell();
            }
            next.onPayload(chunk);
        }

        @Override
        public void onFrameEnd() {
            tell();
            next.onFrameEnd();
        }

        private void tell() {
            if (!told) {
                told = true;
                log(where, opcode, fin, rsv, Math.max(length, passed), Arrays.copyOf(first, size));
            }
        }
    }
}
