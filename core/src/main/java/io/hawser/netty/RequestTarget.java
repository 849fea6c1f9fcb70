// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

/** What a request is addressed to: the target in its first line (RFC 9112, 3.2) and its Host (RFC 9110, 7.2). Pure functions. */
final class RequestTarget {
    private RequestTarget() {}

    /** Whether this is a target for the method, in one of the four forms. */
    static boolean isWellFormed(String method, String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c > '~' || c == '#') {
                return false;
            }
        }
        if (method.equals("CONNECT")) {
            return isAuthority(target);
        }
        if (!hasWholeEscapes(target)) {
            return false;
        }
        return target.startsWith("/")
                || target.equals("*") && method.equals("OPTIONS")
                || isAbsolute(target) && isAuthority(authority(target));
    }

    /** Whether each percent sign in the path begins an escape (RFC 3986, 2.1); what queries mean by one is theirs. */
    private static boolean hasWholeEscapes(String target) {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        for (int i = target.indexOf('%'); i >= 0 && i < end; i = target.indexOf('%', i + 1)) {
            if (i + 2 >= end || Character.digit(target.charAt(i + 1), 16) < 0 || Character.digit(target.charAt(i + 2), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a request with this target may have this Host: with an absolute one, they must not differ. */
    static boolean agrees(String target, String host) {
        return !isAbsolute(target) || authority(target).equalsIgnoreCase(host);
    }

    /** Whether this is a host, by name or address, perhaps with a port. */
    static boolean isAuthority(String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.indexOf(':', bracket + 1);
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean port = colon < 0 || areDigits(text, colon + 1);
        return port && (host.startsWith("[") ? isAddress(host) : isName(host));
    }

    private static boolean areDigits(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (!Octets.isNamePart(host.charAt(i))) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    private static boolean isAddress(String host) {
        String inside = host.substring(1, host.length() - 1);
        return host.endsWith("]")
                && !inside.isEmpty()
                && inside.chars().allMatch(c -> isLetterOrDigit(c) || c == ':' || c == '.');
    }

    private static boolean isLetterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static boolean isAbsolute(String target) {
        return target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8);
    }

    private static String authority(String absolute) {
        return absolute.split("[/?]", 4)[2];
    }
}
