// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Ways to have context takeover and small windows over the JDK's {@link Deflater}, as many connections in turns would. What Hawser does is
 * among them; the others are what it was weighed against.
 */
final class CompressionWays {
    /** As many that their native compressors, 268 KiB each, don't fit a processor's cache together, as they would not on a server. */
    static final int CONNECTIONS = 256;

    /** RFC 7692 7.2.1: these octets behind a message are not sent. */
    static final int TAIL_BYTES = 4;

    private static final int LEVEL = 1;

    private CompressionWays() {}

    /** One way to treat messages of some connections. */
    interface Way extends AutoCloseable {
        /** Treats a message of a connection; returns how many bytes came out. */
        int next(int connection, byte[] message);

        @Override
        void close();
    }

    /** A compressor that whoever has a message takes, and text that each connection keeps; windows of less are kept to by segments. */
    static final class Leased implements Way {
        private final Deflater deflater = new Deflater(LEVEL, true);
        private final byte[] out;
        private final byte[][] kept;
        private final int segment;
        private final int dictionary;

        /**
         * A way without context takeover if no text is kept.
         *
         * @param keptBytes text that each connection keeps
         * @param segment how many bytes are compressed before the compressor starts anew
         * @param dictionary how many bytes before a segment it may refer to
         * @param largest message
         */
        Leased(int keptBytes, int segment, int dictionary, int largest) {
            this.kept = new byte[CONNECTIONS][keptBytes];
            this.segment = segment;
            this.dictionary = dictionary;
            this.out = new byte[2 * largest + 1024];
        }

        @Override
        public int next(int connection, byte[] message) {
            int length = 0;
            for (int from = 0; from < message.length; from += segment) {
                deflater.reset();
                if (from > 0 && dictionary > 0) {
                    int back = Math.min(from, dictionary);
                    deflater.setDictionary(message, from - back, back);
                } else if (from == 0 && kept[connection].length > 0) {
                    deflater.setDictionary(kept[connection]);
                }
                deflater.setInput(message, from, Math.min(segment, message.length - from));
                length += deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
            }
            keep(kept[connection], message, message.length);
            return length - TAIL_BYTES;
        }

        @Override
        public void close() {
            deflater.end();
        }
    }

    /** A compressor that each connection has for itself. */
    static final class Owned implements Way {
        private final List<Deflater> deflaters = new ArrayList<>();
        private final byte[] out;

        Owned(int largest) {
            this.out = new byte[2 * largest + 1024];
            for (int i = 0; i < CONNECTIONS; i++) {
                deflaters.add(new Deflater(LEVEL, true));
            }
        }

        @Override
        public int next(int connection, byte[] message) {
            Deflater deflater = deflaters.get(connection);
            deflater.setInput(message);
            return deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - TAIL_BYTES;
        }

        @Override
        public void close() {
            deflaters.forEach(Deflater::end);
        }
    }

    /** Inflating, by an inflater that whoever has a message takes, and text that each connection keeps. */
    static final class LeasedInflation implements Way {
        private final Inflater inflater = new Inflater(true);
        private final byte[][] kept = new byte[CONNECTIONS][];
        private final byte[] out;

        /** A way that begins behind some text. */
        LeasedInflation(byte[] before, int largest) {
            this.out = new byte[largest + 1];
            Arrays.setAll(kept, i -> before.clone());
        }

        @Override
        public int next(int connection, byte[] message) {
            inflater.reset();
            inflater.setDictionary(kept[connection]);
            int length = inflate(inflater, message, out);
            keep(kept[connection], out, length);
            return length;
        }

        @Override
        public void close() {
            inflater.end();
        }
    }

    /** Inflating, by an inflater that each connection has for itself. */
    static final class OwnedInflation implements Way {
        private final List<Inflater> inflaters = new ArrayList<>();
        private final byte[] out;

        /** A way that begins behind some text. */
        OwnedInflation(byte[] before, int largest) {
            this.out = new byte[largest + 1];
            for (int i = 0; i < CONNECTIONS; i++) {
                Inflater inflater = new Inflater(true);
                inflater.setDictionary(before);
                inflaters.add(inflater);
            }
        }

        @Override
        public int next(int connection, byte[] message) {
            return inflate(inflaters.get(connection), message, out);
        }

        @Override
        public void close() {
            inflaters.forEach(Inflater::end);
        }
    }

    private static int inflate(Inflater inflater, byte[] message, byte[] out) {
        try {
            inflater.setInput(message);
            return inflater.inflate(out);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        }
    }

    private static void keep(byte[] kept, byte[] message, int length) {
        int fresh = Math.min(length, kept.length);
        System.arraycopy(kept, fresh, kept, 0, kept.length - fresh);
        System.arraycopy(message, length - fresh, kept, kept.length - fresh, fresh);
    }
}
