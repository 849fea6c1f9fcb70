// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.Delivery;
import io.hawser.protocol.engine.EngineSettings;
import io.hawser.protocol.engine.EngineSink;
import io.hawser.protocol.engine.Outbound;
import io.hawser.protocol.engine.ProtocolEngine;
import io.hawser.protocol.handshake.OriginCheck;
import io.hawser.protocol.handshake.ServerHandshake;
import io.hawser.protocol.handshake.UpgradeRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link NioEchoServer}: a socket below, and from the handshake on an engine above. Confined to the server's thread. */
final class EchoConnection implements Outbound, EngineSink {
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final int MAX_WAITING_BYTES = 64 << 10;
    private static final long HEAD_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LINGER_NANOS = Duration.ofSeconds(3).toNanos();
    private static final int MAX_DISCARDED_BYTES = 256 << 10;
    private static final OriginCheck OWN_PAGES = new OriginCheck(Set.of());
    private static final MaskingKeys NONE = () -> {
        throw new AssertionError("a server masks nothing");
    };

    private final SocketChannel socket;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(2 * MAX_HEAD_BYTES);
    private ByteBuffer out = ByteBuffer.allocate(1 << 10);
    private @Nullable ProtocolEngine engine;
    private boolean inputEnded;
    /** Of those that the engine has written, so less than 0 while the response in front of them waits. */
    private long acceptedBytes;
    /** Of the head, and of the farewell. */
    private long deadline = System.nanoTime() + HEAD_NANOS;

    private boolean ending;
    private int discardedBytes;

    EchoConnection(SocketChannel socket, SelectionKey key) {
        this.socket = socket;
        this.key = key;
    }

    // ---- the server's thread: the socket is ready, or time has passed

    /** Moves bytes between socket and engine as far as both take them. */
    void turn() {
        try {
            inputEnded |= in.hasRemaining() && socket.read(in) < 0;
            if (engine == null && !ending) {
                readHead();
            }
            if (engine != null && !ending) {
                drive(engine);
            }
            settle();
        } catch (IOException e) {
            if (engine != null) {
                engine.transportClosed(String.valueOf(e.getMessage()), System.nanoTime());
            }
            cut();
        }
    }

    private void drive(ProtocolEngine driven) throws IOException {
        do {
            driven.receive(in.flip(), System.nanoTime()); // what it leaves is offered again, in front of what follows
            in.compact();
        } while (flush() > 0); // which may have made room, and so demand
        if (inputEnded && !driven.isHeldBack()) {
            driven.receiveEnd(System.nanoTime());
        }
    }

    private int flush() throws IOException {
        int written = socket.write(out.flip());
        out.compact();
        acceptedBytes += written;
        if (engine != null && acceptedBytes >= 0) {
            engine.onAccepted(acceptedBytes, System.nanoTime());
        }
        return written;
    }

    /** Says what to wait for: input, unless it is not wanted, and room for output, if any waits. */
    private void settle() throws IOException {
        if (ending) {
            discardedBytes += in.position();
            in.clear();
            flush();
            if (out.position() == 0) {
                socket.shutdownOutput();
            }
            if (inputEnded && out.position() == 0 || discardedBytes > MAX_DISCARDED_BYTES) {
                socket.close();
            }
        }
        if (key.isValid()) {
            boolean wanted = !inputEnded && in.hasRemaining() && (ending || engine == null || !engine.isHeldBack());
            key.interestOps((wanted ? SelectionKey.OP_READ : 0) | (out.position() > 0 ? SelectionKey.OP_WRITE : 0));
        }
    }

    /** How long until {@link #expire} has something to do. */
    long nanosLeft() {
        long next = engine == null || ending ? deadline : engine.deadlineNanos();
        return next == ProtocolEngine.NEVER ? ProtocolEngine.NEVER : next - System.nanoTime();
    }

    void expire() {
        if (nanosLeft() > 0) {
            return;
        }
        if (engine == null || ending) {
            cut();
        } else {
            engine.expire(System.nanoTime());
            turn();
        }
    }

    void goAway() {
        if (engine == null) {
            cut();
        } else if (engine.isOpen()) {
            engine.close(CloseStatus.of(CloseStatus.GOING_AWAY), System.nanoTime());
            turn();
        }
    }

    // ---- the handshake

    private void readHead() {
        try {
            Optional<UpgradeHead> head = UpgradeHead.read(in.flip());
            in.compact();
            if (head.isPresent()) {
                answer(head.get());
            } else if (in.position() > MAX_HEAD_BYTES) {
                refuse(431, "the head is larger than " + MAX_HEAD_BYTES + " bytes");
            } else if (inputEnded) {
                cut();
            }
        } catch (IllegalArgumentException e) {
            refuse(400, String.valueOf(e.getMessage()));
        }
    }

    private void answer(UpgradeHead head) {
        switch (ServerHandshake.read(head.method(), head.version(), head)) {
            case UpgradeRequest.NotAttempted none -> refuse(400, "Expected WebSocket Upgrade request");
            case UpgradeRequest.Faulty(int status, String reason) -> refuse(status, reason);
            case UpgradeRequest.Valid valid when !OWN_PAGES.permits(head, false) -> refuse(403, "pages of this origin may not connect");
            case UpgradeRequest.Valid valid -> open(valid);
        }
    }

    private void open(UpgradeRequest.Valid valid) {
        StringBuilder response = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        ServerHandshake.responseHeaders(valid.key(), Optional.empty(), List.of())
                .forEach((name, value) -> response.append(name).append(": ").append(value).append("\r\n"));
        put(response.append("\r\n").toString());
        acceptedBytes = -out.position();
        engine = new ProtocolEngine(
                Role.SERVER,
                EngineSettings.DEFAULT,
                new Delivery.Messages(this::echo),
                this,
                this,
                NONE,
                System.nanoTime(),
                null);
        engine.request(1);
    }

    private void refuse(int status, String reason) {
        put("HTTP/1.1 %d \r\nConnection: close\r\nSec-WebSocket-Version: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, ServerHandshake.VERSION, reason.length(), reason));
        end();
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        reserve(bytes.length).put(bytes);
    }

    // ---- what the engine calls

    /** A message came; the next one may when this one's answer has left. */
    private void echo(Opcode opcode, boolean fin, byte[] payload) {
        ProtocolEngine driven = engine;
        if (driven != null) {
            driven.send(opcode, ByteBuffer.wrap(payload), sent -> driven.request(1));
        }
    }

    @Override
    public void onClosed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation violation) {
        // An echo has nobody to tell.
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        if (out.remaining() < bytes) {
            out = ByteBuffer.allocate(2 * (out.position() + bytes)).put(out.flip());
        }
        return out;
    }

    @Override
    public boolean isWritable() {
        return out.position() < MAX_WAITING_BYTES;
    }

    /** Our last word is written. Closing at once, with unread input, would send a reset, which destroys it on its way. */
    @Override
    public void end() {
        ending = true;
        deadline = System.nanoTime() + LINGER_NANOS;
    }

    @Override
    public void cut() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
