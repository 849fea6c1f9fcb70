// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes (RFC 9110, 14.1.2), within what it is a range of.
 *
 * @param first of its bytes, counted from 0
 * @param last of its bytes
 */
record ByteRange(long first, long last) {
    private static final String UNIT = "bytes=";

    /** So many make no number that is too large for a long. */
    private static final int MOST_DIGITS = 18;

    /** Blanks are optional whitespace around the elements of a list. */
    private static final Pattern SPEC = Pattern.compile("([0-9]++)-([0-9]*+)|-([0-9]++)");

    /** How many bytes it has. */
    long length() {
        return last - first + 1;
    }

    /**
     * Reads a {@code Range}.
     *
     * @param length of what it is a range of
     * @return the ranges that can be satisfied, in order; empty if there is none among them; an empty Optional if the field is to be ignored,
     *     since it is malformed, or another unit's
     */
    static Optional<List<ByteRange>> parse(String field, long length) {
        String value = field.strip();
        // RFC 9110 14.1: range units are case-insensitive.
        if (!value.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return Optional.empty();
        }
        List<ByteRange> ranges = new ArrayList<>();
        boolean some = false;
        for (String element : value.substring(UNIT.length()).split(",", -1)) {
            String spec = element.strip();
            if (spec.isEmpty()) {
                continue; // RFC 9110 5.6.1: a recipient MUST parse and ignore a reasonable number of empty list elements
            }
            Matcher matcher = SPEC.matcher(spec);
            if (!matcher.matches() || !isOrdered(matcher)) {
                return Optional.empty();
            }
            some = true;
            range(matcher, length).ifPresent(ranges::add);
        }
        return some ? Optional.of(ranges) : Optional.empty();
    }

    /** RFC 9110 14.1.2: an int-range is invalid if the last-pos value is present and less than first-pos. */
    private static boolean isOrdered(Matcher spec) {
        return spec.group(1) == null || spec.group(2).isEmpty() || position(spec.group(2)) >= position(spec.group(1));
    }

    private static Optional<ByteRange> range(Matcher spec, long length) {
        if (spec.group(1) == null) {
            long suffix = Math.min(position(spec.group(3)), length);
            return suffix == 0 ? Optional.empty() : Optional.of(new ByteRange(length - suffix, length - 1));
        }
        long first = position(spec.group(1));
        long last = spec.group(2).isEmpty() ? length - 1 : Math.min(position(spec.group(2)), length - 1);
        return first >= length ? Optional.empty() : Optional.of(new ByteRange(first, last));
    }

    /** RFC 9110 14.1.2 sets no bound to the digits: what is more than a long holds is behind every end. */
    private static long position(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    /** Whether two of these have a byte in common. */
    static boolean overlap(List<ByteRange> ranges) {
        List<ByteRange> sorted = ranges.stream().sorted(Comparator.comparingLong(ByteRange::first)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).first <= sorted.get(i - 1).last) {
                return true;
            }
        }
        return false;
    }
}
