// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Somebody else's WebSockets, from a package of the machine's. */
enum Peer {
    /** ws on Node; Debian's node-ws. */
    WS,
    /** websockets on Python; Debian's python3-websockets, which another Python in front on the PATH does not see. */
    WEBSOCKETS;

    private List<String> interpreters() {
        return switch (this) {
            case WS -> List.of("node");
            case WEBSOCKETS -> List.of("/usr/bin/python3", "python3");
        };
    }

    /** What an interpreter can do only if the package is there. */
    private List<String> probe() {
        return switch (this) {
            case WS -> List.of("-e", "require('ws')");
            case WEBSOCKETS -> List.of("-c", "import websockets");
        };
    }

    private String script(String role) {
        return switch (this) {
            case WS -> "ws-" + role + ".js";
            case WEBSOCKETS -> "websockets-" + role + ".py";
        };
    }

    /** What runs it; empty if it is not installed. */
    Optional<String> interpreter() {
        return interpreters().stream().filter(this::works).findFirst();
    }

    private boolean works(String interpreter) {
        List<String> command = new ArrayList<>(List.of(interpreter));
        command.addAll(probe());
        try {
            Process process = builder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** Starts one of its scripts. */
    Process start(String role, List<String> arguments) throws IOException, URISyntaxException {
        String name = script(role);
        Path file = Path.of(Objects.requireNonNull(Peer.class.getResource(name), name).toURI());
        List<String> command = new ArrayList<>(List.of(interpreter().orElseThrow(), file.toString()));
        command.addAll(arguments);
        return builder(command).redirectErrorStream(true).start();
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putIfAbsent("NODE_PATH", "/usr/share/nodejs"); // where Debian has Node's packages
        return builder;
    }

    /** The next line that a process says. */
    static String line(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }
}
