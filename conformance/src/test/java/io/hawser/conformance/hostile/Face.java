// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import io.hawser.conformance.raw.Cut;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A face that the watched application's echo is written against, each with a path of its own. */
enum Face {
    EACH,
    STREAMS,
    DIRECT,
    FRAMES;

    String path() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }

    /** Each face with each cut; for {@code @MethodSource}. */
    static Stream<Arguments> andCut() {
        return Stream.of(values()).flatMap(face -> Stream.of(Cut.values()).map(cut -> Arguments.of(face, cut)));
    }

    /** As above, for what is so large that a system call a byte would take too long. */
    static Stream<Arguments> andLargeCut() {
        return andCut().filter(arguments -> arguments.get()[1] != Cut.BYTE_BY_BYTE);
    }
}
