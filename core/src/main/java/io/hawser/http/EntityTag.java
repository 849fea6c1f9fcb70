// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entity tag (RFC 9110, 8.8.3).
 *
 * @param opaque what stands between the quotes
 */
record EntityTag(boolean weak, String opaque) {
    private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]*)\"\\s*(?:,|$)|\\s*,");

    /** The tags in these values, up to what is none. */
    static List<EntityTag> list(List<String> values) {
        List<EntityTag> tags = new ArrayList<>();
        for (String value : values) {
            Matcher matcher = TAG.matcher(value);
            while (matcher.lookingAt()) {
                if (matcher.group(2) != null) {
                    tags.add(new EntityTag(matcher.group(1) != null, matcher.group(2)));
                }
                matcher.region(matcher.end(), value.length());
            }
        }
        return tags;
    }

    /** RFC 9110 8.8.3.2: equal if both are not weak and their opaque-tags match. */
    boolean isStronglyEqual(EntityTag other) {
        return !weak && !other.weak && opaque.equals(other.opaque);
    }

    /** RFC 9110 8.8.3.2: equal if their opaque-tags match, whether weak or not. */
    boolean isWeaklyEqual(EntityTag other) {
        return opaque.equals(other.opaque);
    }
}
