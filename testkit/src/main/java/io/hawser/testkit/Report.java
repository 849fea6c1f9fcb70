// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.testkit.memory.Strand;
import io.hawser.testkit.memory.Transcript;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How an expectation that was not met is told: what was expected, what came instead, and what led there. */
final class Report {
    private Report() {}

    /**
     * A failure.
     *
     * @param strand whose frames are shown; null if there is no connection
     * @param expected as in "the text \"Ahoy\""
     * @param came a sentence without its end
     */
    static AssertionError failure(Scene scene, @Nullable Strand strand, String expected, String came) {
        StringBuilder text = new StringBuilder();
        text.append("expected ").append(expected).append("\nbut ").append(came).append("\n\n");
        text.append(strand == null ? "" : strand.request() + ", ");
        text.append("at ").append(Shown.time(scene.world().elapsed()));
        text.append(", seed ").append(scene.options().seed());
        text.append("; -Dhawser.seed=").append(scene.options().seed()).append(" runs it again");
        List<Throwable> failures = scene.failures();
        failures.forEach(failure -> text.append("\nthe application threw ").append(failure));
        if (strand != null) {
            text.append('\n').append(lastFrames(strand.transcript().entries(), scene.options().shownFrames()));
        }
        AssertionError error = new AssertionError(text.toString(), failures.isEmpty() ? null : failures.getFirst());
        failures.stream().skip(1).forEach(error::addSuppressed);
        return error;
    }

    private static String lastFrames(List<Transcript.Entry> entries, int most) {
        if (entries.isEmpty()) {
            return "no frame has passed";
        }
        int skipped = Math.max(0, entries.size() - most);
        String head = skipped == 0 ? "frames:" : "the last " + most + " of " + entries.size() + " frames:";
        return head + "\n" + frames(entries.subList(skipped, entries.size()));
    }

    /** Frames as a table: when, which way, what. */
    static String frames(List<Transcript.Entry> entries) {
        int width = entries.stream().mapToInt(entry -> Shown.instant(entry.at()).length()).max().orElse(0);
        return entries.stream()
                .map(entry -> "  %s  %-8s  %s".formatted(
                        " ".repeat(width - Shown.instant(entry.at()).length()) + Shown.instant(entry.at()),
                        entry.sent() ? "sent" : "received",
                        entry.frame()))
                .collect(Collectors.joining("\n"));
    }
}
