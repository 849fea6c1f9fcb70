// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.benchmarks.CompressionWays.Leased;
import io.hawser.benchmarks.CompressionWays.LeasedInflation;
import io.hawser.benchmarks.CompressionWays.Owned;
import io.hawser.benchmarks.CompressionWays.OwnedInflation;
import io.hawser.benchmarks.CompressionWays.Way;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.zip.Deflater;

/**
 * What compression takes of a processor, and what it leaves of JSON: the tables of docs/performance.md. Each figure is the median of rounds in
 * which all rows have their turn, so that what changes on the machine meanwhile touches all alike. To be run on one processor.
 */
public final class CompressionCosts {
    private static final int[] SIZES = {100, 1 << 10, 16 << 10};
    private static final int[] SMALL_SIZES = {64, 128, 256, 512};
    private static final int MESSAGES = 512;
    private static final int ROUNDS = 7;
    private static final long ROUND_NANOS = 60_000_000;

    private static final int WINDOW = 1 << 15;

    private final PrintStream out;
    private final int[] sizes;
    private final byte[][][] messages;

    private CompressionCosts(PrintStream out, int[] sizes) {
        this.out = out;
        this.sizes = sizes;
        JsonMessages json = new JsonMessages();
        this.messages = Arrays.stream(sizes).mapToObj(bytes -> json.next(MESSAGES, bytes)).toArray(byte[][][]::new);
    }

    /** Prints the tables that are named, or all. */
    public static void main(String[] tables) {
        CompressionCosts costs = new CompressionCosts(System.out, SIZES);
        List<String> wanted = tables.length == 0 ? List.of("levels", "small", "context", "windows", "inflation") : List.of(tables);
        for (String table : wanted) {
            switch (table) {
                case "levels" -> costs.levels();
                case "small" -> new CompressionCosts(System.out, SMALL_SIZES).small();
                case "context" -> costs.context();
                case "windows" -> costs.windows();
                case "inflation" -> costs.inflation();
                default -> throw new IllegalArgumentException("not a table: " + table);
            }
        }
    }

    private void levels() {
        Map<String, IntFunction<Way>> ways = new LinkedHashMap<>();
        ways.put("not compressed", bytes -> new EngineDeflation(0, false));
        for (int level = 1; level <= 9; level++) {
            int chosen = level;
            ways.put("level " + level + ", no context takeover", bytes -> new EngineDeflation(chosen, false));
            ways.put("level " + level + ", context takeover", bytes -> new EngineDeflation(chosen, true));
        }
        table(ways, messages);
    }

    private void small() {
        Map<String, IntFunction<Way>> ways = new LinkedHashMap<>();
        ways.put("no context takeover", bytes -> new EngineDeflation(1, false));
        ways.put("context takeover", bytes -> new EngineDeflation(1, true));
        table(ways, messages);
    }

    private void context() {
        Map<String, IntFunction<Way>> ways = new LinkedHashMap<>();
        ways.put("nothing is kept", bytes -> new Leased(0, bytes, 0, bytes));
        for (int kept : new int[] {1 << 10, 2 << 10, 4 << 10, 32 << 10}) {
            ways.put((kept >> 10) + " KiB of text kept", bytes -> new Leased(kept, bytes, 0, bytes));
        }
        ways.put("a native compressor kept", Owned::new);
        table(ways, messages);
    }

    private void windows() {
        Map<String, IntFunction<Way>> ways = new LinkedHashMap<>();
        for (int bits : new int[] {9, 11, 13}) {
            int window = 1 << bits;
            ways.put(bits + " bits, segments alone", bytes -> new Leased(0, window, 0, bytes));
            ways.put(bits + " bits, segments of a half with a dictionary", bytes -> new Leased(0, window / 2, window / 2, bytes));
            ways.put(bits + " bits, segments of a quarter with a dictionary", bytes -> new Leased(0, window / 4, window * 3 / 4, bytes));
        }
        ways.put("15 bits", bytes -> new Leased(0, bytes, 0, bytes));
        table(ways, messages);
    }

    private void inflation() {
        Map<String, IntFunction<Way>> ways = new LinkedHashMap<>();
        ways.put("32 KiB of text kept", bytes -> new LeasedInflation(before(bytes), bytes));
        ways.put("a native inflater kept", bytes -> new OwnedInflation(before(bytes), bytes));
        byte[][][] compressed = new byte[sizes.length][][];
        Arrays.setAll(compressed, size -> compressed(messages[size]));
        table(ways, compressed);
    }

    /** The last text of a round through all messages, which precedes the next. */
    private byte[] before(int bytes) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte[] message : messages[Arrays.binarySearch(sizes, bytes)]) {
            text.writeBytes(message);
        }
        return Arrays.copyOfRange(text.toByteArray(), text.size() - WINDOW, text.size());
    }

    /** What a connection with context takeover sends in every round through these messages but the first. */
    private static byte[][] compressed(byte[][] messages) {
        byte[][] compressed = new byte[messages.length][];
        byte[] out = new byte[2 * messages[0].length + 1024];
        Deflater deflater = new Deflater(1, true);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < messages.length; i++) {
                deflater.setInput(messages[i]);
                compressed[i] = Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH));
            }
        }
        deflater.end();
        return compressed;
    }

    private void table(Map<String, IntFunction<Way>> ways, byte[][][] inputs) {
        List<List<Cell>> rows = new ArrayList<>();
        for (IntFunction<Way> way : ways.values()) {
            List<Cell> row = new ArrayList<>();
            for (int size = 0; size < sizes.length; size++) {
                row.add(new Cell(way.apply(sizes[size]), inputs[size]));
            }
            rows.add(row);
        }
        for (int round = -2; round < ROUNDS; round++) {
            boolean counts = round >= 0;
            rows.forEach(row -> row.forEach(cell -> cell.round(counts)));
        }
        out.println("| |" + Arrays.stream(sizes).mapToObj(bytes -> " %,d B |".formatted(bytes)).collect(Collectors.joining()));
        out.println("|---|" + "---|".repeat(sizes.length));
        int at = 0;
        for (String name : ways.keySet()) {
            out.println("| " + name + " |" + rows.get(at++).stream().map(Cell::toString).collect(Collectors.joining()));
        }
        out.println();
        rows.forEach(row -> row.forEach(cell -> cell.way.close()));
    }

    /** One way with messages of one size. */
    private static final class Cell {
        private final Way way;
        private final byte[][] inputs;
        private final List<Double> micros = new ArrayList<>();
        private long turns;
        private long bytesIn;
        private long bytesOut;

        Cell(Way way, byte[][] inputs) {
            this.way = way;
            this.inputs = inputs;
        }

        void round(boolean counts) {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long began = threads.getCurrentThreadCpuTime();
            long before = turns;
            long taken = 0;
            while (taken < ROUND_NANOS) {
                byte[] message = inputs[(int) (turns / CompressionWays.CONNECTIONS % inputs.length)];
                for (int connection = 0; connection < CompressionWays.CONNECTIONS; connection++) {
                    bytesIn += message.length;
                    bytesOut += way.next(connection, message);
                }
                turns += CompressionWays.CONNECTIONS;
                taken = threads.getCurrentThreadCpuTime() - began;
            }
            if (counts) {
                micros.add(taken / 1e3 / (turns - before));
            }
        }

        @Override
        public String toString() {
            double median = micros.stream().sorted().toList().get(micros.size() / 2);
            return String.format(Locale.ROOT, " %.1f %%, %.1f µs |", 100.0 * bytesOut / bytesIn, median);
        }
    }
}
