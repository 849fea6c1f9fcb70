// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the suite says of one case, or is to say.
 *
 * @param behavior the suite's grade of what was received
 * @param behaviorClose the suite's grade of how the connection ended
 * @param closeCode the code of the server's close frame, {@code none} where it had none
 * @param closeFrames how many close frames the server sent
 */
record Outcome(String behavior, String behaviorClose, String closeCode, int closeFrames) {
    static final String OK = "OK";
    static final String NO_CODE = "none";

    private static final Pattern LINE =
            Pattern.compile("(?<case>[0-9.]+) +(?<behavior>\\S+) +(?<close>\\S+) +(?<code>\\S+)( +# (?<reason>.+))?");

    /** The committed outcomes by case, in the suite's order; whatever is not OK must have a reason beside it. */
    static Map<String, Outcome> expected() throws IOException {
        Map<String, Outcome> expected = new LinkedHashMap<>();
        try (InputStream in = Outcome.class.getResourceAsStream("/autobahn/expected.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                Matcher fields = LINE.matcher(line);
                if (!fields.matches()) {
                    throw new IllegalStateException("expected.txt, not a case: " + line);
                }
                Outcome outcome =
                        new Outcome(fields.group("behavior"), fields.group("close"), fields.group("code"), 1);
                if (!outcome.isOk() && fields.group("reason") == null) {
                    throw new IllegalStateException("expected.txt, an exception without its reason: " + line);
                }
                if (expected.put(fields.group("case"), outcome) != null) {
                    throw new IllegalStateException("expected.txt, a case twice: " + line);
                }
            }
        }
        return expected;
    }

    boolean isOk() {
        return behavior.equals(OK) && behaviorClose.equals(OK);
    }

    @Override
    public String toString() {
        String frames = closeFrames == 1 ? "" : " in " + closeFrames + " close frames";
        return behavior + " / " + behaviorClose + " / " + closeCode + frames;
    }
}
