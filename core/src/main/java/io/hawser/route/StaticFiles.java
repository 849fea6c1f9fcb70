// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Answers with files by the rest of the path behind a prefix. Blocks. */
final class StaticFiles implements HttpHandler {
    private static final String INDEX = "index.html";
    private static final Response NOT_FOUND = Response.text(404, "Not Found");
    private static final boolean WINDOWS = File.separatorChar == '\\';
    /** CON.txt is the console as well. */
    private static final Pattern DEVICE = Pattern.compile("(CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|(COM|LPT)[0-9¹²³])\\s*(\\..*)?");

    private static final Set<Character> OF_WINDOWS_PATHS = Set.of(':', '*', '?', '"', '<', '>', '|');

    private final Store store;

    StaticFiles(Store store) {
        this.store = store;
    }

    /** Where files are. What it is asked for are names that each lead one step down, if anywhere; see {@link #isHarmless}. */
    interface Store {
        /** The file at these names, below each other; empty if there is none that may be seen, as where there is a folder. */
        Optional<Response> open(List<String> names) throws IOException;
    }

    @Override
    public Response handle(Request request) throws IOException {
        List<String> rest = request.get(Trial.REST).orElseThrow();
        boolean asFolder = !rest.isEmpty() && rest.getLast().isEmpty();
        List<String> names = asFolder ? rest.subList(0, rest.size() - 1) : rest;
        if (!names.stream().allMatch(name -> isHarmless(name, WINDOWS))) {
            return NOT_FOUND;
        }
        List<String> index = Stream.concat(names.stream(), Stream.of(INDEX)).toList();
        if (asFolder) {
            return store.open(index).orElse(NOT_FOUND);
        }
        Optional<Response> file = names.isEmpty() ? Optional.empty() : store.open(names);
        return file.isPresent() ? file.get() : store.open(index).map(found -> toFolder(request)).orElse(NOT_FOUND);
    }

    /** The page of a folder names what is beside it, which is looked for beside the folder without the slash. */
    private static Response toFolder(Request request) {
        String target = request.target();
        int query = target.indexOf('?');
        String location = request.rawPath() + "/" + (query < 0 ? "" : target.substring(query));
        return location.chars().allMatch(c -> c > ' ' && c <= '~') ? Response.redirect(308, location) : NOT_FOUND;
    }

    // ---- names

    /** Whether a name, decoded, means a file or folder in the one that it is looked for in, which is not hidden, and nothing else. */
    static boolean isHarmless(String name, boolean windows) {
        boolean plain = !name.isEmpty()
                && !name.startsWith(".")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ' || c == 0x7F);
        return plain && (!windows || isHarmlessOnWindows(name));
    }

    private static boolean isHarmlessOnWindows(String name) {
        return name.chars().noneMatch(c -> OF_WINDOWS_PATHS.contains((char) c))
                && !name.endsWith(".")
                && !name.endsWith(" ")
                && !DEVICE.matcher(name.toUpperCase(Locale.ROOT)).matches();
    }
}
