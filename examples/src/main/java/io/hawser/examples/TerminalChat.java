// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.ConnectionGroup;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketException;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.protocol.CloseStatus;
import io.hawser.server.HawserServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.function.Consumer;

/**
 * A chat in the terminal. One process is the room, {@code TerminalChat 8080}; each other one is somebody in it, {@code TerminalChat
 * ws://localhost:8080/ Ann}, who says what is typed until the end of input (Ctrl-D).
 */
final class TerminalChat {
    private TerminalChat() {}

    public static void main(String[] arguments) {
        switch (arguments.length) {
            case 1 -> open(Integer.parseInt(arguments[0]));
            case 2 -> join(arguments[0], arguments[1]);
            default -> System.err.println("Arguments: the room's port, or its URI and your name");
        }
    }

    /** Serves the room until the process is told to end; then all are told that the server goes away. */
    private static void open(int port) {
        HawserServer server = HawserServer.start(o -> o.port(port), room());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "chat-stop"));
    }

    /** The room: what one of them says all hear, whoever said it too. Who does not keep up is closed with 1008. */
    static HttpHandler room() {
        ConnectionGroup room = ConnectionGroup.closingSlow();
        WebSocketHandler member = direct(socket -> {
            room.add(socket);
            room.send(TextMessage.of("* somebody came in, " + room.size() + " here"));
            for (Message message : socket) {
                room.send(message);
            }
        });
        return HttpHandler.webSocket(member);
    }

    private static void join(String uri, String name) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, System.out.charset()));
        try (WebSocket socket = HawserClient.shared().connect(uri)) {
            talk(socket, name, lines, System.out::println);
        } catch (WebSocketException failure) { // refused, or not reached
            System.err.println(failure.getMessage());
        }
    }

    /** Says the lines and prints what all say, until there are no more lines or the server closes. */
    static void talk(WebSocket socket, String name, BufferedReader lines, Consumer<String> out) {
        // A read from a terminal cannot be called off. On a virtual thread it keeps nobody waiting when the server closes.
        Thread.ofVirtual().name("chat-input").start(() -> say(socket, name, lines));
        try {
            while (true) {
                out.accept(shown(socket.receive()));
            }
        } catch (WebSocketClosedException end) {
            out.accept(inWords(end.closed()));
        }
    }

    private static void say(WebSocket socket, String name, BufferedReader lines) {
        try (socket) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                socket.send(name + ": " + line);
            }
        } catch (WebSocketClosedException end) {
            // Whoever receives tells of it.
        } catch (IOException failure) {
            socket.close(CloseStatus.GOING_AWAY, "cannot read: " + failure.getMessage());
        }
    }

    /** A message as one line. Others wrote it: what would steer the terminal is taken out. */
    private static String shown(Message message) {
        return switch (message) {
            case TextMessage text -> text.text().replaceAll("\\p{Cc}", "?");
            case BinaryMessage bytes -> "* " + bytes.data().remaining() + " bytes, which are no text";
        };
    }

    /** How it ended, and why. */
    static String inWords(Closed end) {
        CloseStatus status = end.status();
        if (end.local()) {
            return "* you left";
        }
        String what = switch (status.code()) {
            case CloseStatus.NORMAL -> "the server closed the room";
            case CloseStatus.GOING_AWAY -> "the server goes away";
            case CloseStatus.NO_STATUS -> "the server closed and did not say why";
            case CloseStatus.ABNORMAL -> "the connection was cut off";
            case CloseStatus.POLICY_VIOLATION -> "the server does not want you here";
            case CloseStatus.INTERNAL_ERROR -> "the server failed";
            default -> "the server closed";
        };
        return "* " + what + " (" + status.code() + (status.reason().isEmpty() ? "" : ", " + status.reason()) + ")";
    }
}
