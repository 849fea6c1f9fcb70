// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which paths a route takes, segment by segment.
 *
 * @param shown as it was written
 * @param segments what each segment of a path must be; a {@link Segment.Rest} is the last
 */
record PathPattern(String shown, List<Segment> segments) {
    /** What comes in front of any path, and takes all. */
    static final PathPattern OPEN = new PathPattern("", List.of(new Segment.Rest("", 0)));

    /** What a segment of a path must be; from what takes one to what takes most. */
    sealed interface Segment {
        /** This text, decoded. */
        record Literal(String text) implements Segment {}

        /** Any but the empty one. */
        record Param(String name) implements Segment {}

        /**
         * This one and all behind it.
         *
         * @param name empty if nobody asks for it
         * @param least how many there must be: 1, or 0
         */
        record Rest(String name, int least) implements Segment {}

        /** Whether whatever the other takes is taken here; neither of them is a rest. */
        default boolean takesAllOf(Segment other) {
            return switch (this) {
                case Literal literal -> literal.equals(other);
                case Param param -> !other.equals(new Literal(""));
                case Rest rest -> true;
            };
        }

        default boolean takes(String segment) {
            return takesAllOf(new Literal(segment));
        }

        private int breadth() {
            return switch (this) {
                case Literal literal -> 0;
                case Param param -> 1;
                case Rest rest -> 3 - rest.least();
            };
        }
    }

    PathPattern {
        segments = List.copyOf(segments);
    }

    // ---- made from texts

    /** Reads a pattern such as "/rooms/{room}" or "/docs/{page...}"; empty for no segment. */
    static PathPattern of(String text) {
        if (text.isEmpty()) {
            return new PathPattern(text, List.of());
        }
        require(text.startsWith("/"), text, "begin it with a slash");
        List<Segment> segments = new ArrayList<>();
        String[] parts = text.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            require(last || !parts[i].isEmpty(), text, "leave out the empty segment");
            segments.add(segment(text, parts[i], last));
        }
        return new PathPattern(text, segments).withDistinctNames();
    }

    private static Segment segment(String pattern, String part, boolean last) {
        if (!part.startsWith("{")) {
            require(part.chars().noneMatch(c -> "{}%?#\\".indexOf(c) >= 0 || c < ' '), pattern,
                    "write segments as {name}, {name...} or plain text that is not encoded, without a query");
            require(!part.startsWith(":") && !part.equals("*") && !part.equals("**"), pattern,
                    "write a parameter as {name}, and all that follows as {name...}");
            require(!isDots(part), pattern, "leave out segments of dots, which no request has");
            return new Segment.Literal(part);
        }
        boolean rest = part.endsWith("...}");
        int end = part.length() - (rest ? 4 : 1);
        require(part.endsWith("}") && end > 1 && part.substring(1, end).chars().allMatch(PathPattern::isOfName), pattern,
                "write a parameter as {name} or {name...}, of letters, digits, - and _");
        String name = part.substring(1, end);
        require(!rest || last, pattern, "put {" + name + "...} last, since it takes all that follows");
        return rest ? new Segment.Rest(name, 1) : new Segment.Param(name);
    }

    private static boolean isOfName(int c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '_';
    }

    /** Whether a segment stands for its own folder or the one above. */
    static boolean isDots(String segment) {
        return segment.equals(".") || segment.equals("..");
    }

    private static void require(boolean fits, String pattern, String remedy) {
        if (!fits) {
            throw new IllegalArgumentException("no pattern of paths: \"" + pattern + "\"; " + remedy);
        }
    }

    private PathPattern withDistinctNames() {
        Set<String> names = new HashSet<>();
        for (Segment segment : segments) {
            String name = nameOf(segment);
            require(name.isEmpty() || names.add(name), shown, "give its parameters names that differ");
        }
        return this;
    }

    private static String nameOf(Segment segment) {
        return switch (segment) {
            case Segment.Literal literal -> "";
            case Segment.Param param -> param.name();
            case Segment.Rest rest -> rest.name();
        };
    }

    // ---- made from others

    /** The other below this one. */
    PathPattern append(PathPattern below) {
        if (below.segments.isEmpty()) {
            return this;
        }
        if (!segments.isEmpty()) {
            require(!(segments.getLast() instanceof Segment.Rest), shown, "nothing stands below {name...}");
            require(!segments.getLast().equals(new Segment.Literal("")), shown, "leave out its last slash, since other routes stand below");
        }
        List<Segment> all = new ArrayList<>(segments);
        all.addAll(below.segments);
        return new PathPattern(shown + below.shown, all).withDistinctNames();
    }

    boolean isOpen() {
        return !segments.isEmpty() && segments.getLast() instanceof Segment.Rest(var name, int least) && least == 0;
    }

    // ---- against paths

    /** Whether a path of these segments is taken. */
    boolean matches(List<String> path) {
        int common = commonWith(path);
        return restBegin() < 0
                ? common == path.size() && common == segments.size()
                : common == segments.size() && path.size() >= restBegin() + (isOpen() ? 0 : 1);
    }

    /** How many of its segments, from the first on, take those of a path; a rest counts as one. */
    int commonWith(List<String> path) {
        int i = 0;
        while (i < segments.size()
                && (segments.get(i) instanceof Segment.Rest || i < path.size() && segments.get(i).takes(path.get(i)))) {
            i++;
        }
        return i;
    }

    /** The index of the rest; -1 if there is none. */
    private int restBegin() {
        return !segments.isEmpty() && segments.getLast() instanceof Segment.Rest ? segments.size() - 1 : -1;
    }

    /** What stands in a path that it takes in place of its parameters; of a rest the segments, joined by slashes. */
    Map<String, String> paramsIn(List<String> path) {
        Map<String, String> params = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String name = nameOf(segments.get(i));
            if (!name.isEmpty()) {
                params.put(name, segments.get(i) instanceof Segment.Rest ? String.join("/", path.subList(i, path.size())) : path.get(i));
            }
        }
        return params;
    }

    /** The segments in place of the rest. */
    Optional<List<String>> restOf(List<String> path) {
        return restBegin() < 0 ? Optional.empty() : Optional.of(path.subList(restBegin(), path.size()));
    }

    // ---- against others

    /** Whether both take one path, and neither only paths that the other takes as well: then none is more specific. */
    boolean isAmbiguousWith(PathPattern other) {
        return overlaps(other) && !takesAllOf(other) && !other.takesAllOf(this);
    }

    boolean takesSameAs(PathPattern other) {
        return takesAllOf(other) && other.takesAllOf(this);
    }

    private boolean takesAllOf(PathPattern other) {
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            boolean more = i < other.segments.size();
            if (segment instanceof Segment.Rest(var name, int least)) {
                return least == 0 || more && !(other.segments.get(i) instanceof Segment.Rest(var unused, int fewest) && fewest == 0);
            }
            if (!more || other.segments.get(i) instanceof Segment.Rest || !segment.takesAllOf(other.segments.get(i))) {
                return false;
            }
        }
        return segments.size() == other.segments.size();
    }

    private boolean overlaps(PathPattern other) {
        for (int i = 0; i < segments.size(); i++) {
            if (i == other.segments.size()) {
                return segments.get(i) instanceof Segment.Rest(var name, int least) && least == 0;
            }
            Segment here = segments.get(i);
            Segment there = other.segments.get(i);
            if (here instanceof Segment.Rest || there instanceof Segment.Rest) {
                return true; // takes what follows in the other, which is something
            }
            if (!here.takesAllOf(there) && !there.takesAllOf(here)) {
                return false;
            }
        }
        return segments.size() == other.segments.size()
                || other.segments.get(segments.size()) instanceof Segment.Rest(var name, int least) && least == 0;
    }

    /** Puts the more specific of two that take one path first. */
    static int bySpecificity(PathPattern one, PathPattern other) {
        for (int i = 0; i < Math.min(one.segments.size(), other.segments.size()); i++) {
            int order = Integer.compare(one.segments.get(i).breadth(), other.segments.get(i).breadth());
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.segments.size(), other.segments.size());
    }

    /** As in messages: what was written, and how it is meant. */
    @Override
    public String toString() {
        return isOpen() ? (shown.isEmpty() ? "all paths" : shown + " and below") : shown.isEmpty() ? "\"\"" : shown;
    }
}
