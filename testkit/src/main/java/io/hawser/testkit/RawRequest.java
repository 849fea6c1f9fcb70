// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.http.HeaderFields;
import io.hawser.http.KnownRequest;
import io.hawser.protocol.handshake.ClientHandshake;
import io.hawser.protocol.handshake.HandshakeHeaders;
import io.hawser.testkit.memory.HandEnd;
import io.hawser.testkit.memory.MemoryNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The request for an upgrade that a {@link RawPeer} sends: the right header fields, and others in place of them. */
final class RawRequest {
    private static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII); // RFC 6455, 1.3

    private RawRequest() {}

    /**
     * A request.
     *
     * @param fields names and values in turn
     * @throws IllegalArgumentException if they are not, or cannot stand in a header
     */
    static Request of(String target, List<String> fields) {
        if (fields.size() % 2 != 0) {
            throw new IllegalArgumentException("header fields are given as names and values in turn, not as " + fields);
        }
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sent.put("Host", "127.0.0.1");
        sent.putAll(ClientHandshake.requestHeaders(ClientHandshake.key(NONCE), List.of(), List.of()));
        for (int i = 0; i < fields.size(); i += 2) {
            HandshakeHeaders.requireField(fields.get(i), fields.get(i + 1));
            sent.put(fields.get(i), fields.get(i + 1));
        }
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return KnownRequest.of("GET", target, HeaderFields.received(sent.entrySet()), nowhere);
    }

    /**
     * What came of it.
     *
     * @param opened given the client's end on the loop, before anything passes it
     */
    static Optional<MemoryNetwork.ByHand> ask(Scene scene, int port, Request request, Consumer<HandEnd> opened) {
        AtomicReference<MemoryNetwork.@Nullable ByHand> came = new AtomicReference<>();
        scene.world().onLoop(() -> scene.network().askByHand(port, request, byHand -> {
            byHand.end().ifPresent(opened);
            came.set(byHand);
        }));
        scene.world().await(() -> came.get() != null, scene.options().within());
        return Optional.ofNullable(came.get());
    }

    /** Opens a connection with it. */
    static RawPeer open(Scene scene, int port, Request request) {
        MemoryNetwork.ByHand came = ask(scene, port, request, end -> {}).orElseThrow(
                () -> Report.failure(scene, null, "a response to " + request, "none came within " + Shown.time(scene.options().within())));
        Response response = came.response();
        HandEnd end = came.end().orElseThrow(() -> Report.failure(scene, null, request + " to be upgraded",
                "the response was " + response.status() + " " + response.bodyText()));
        return new RawPeer(scene, end, came.strand().orElseThrow(), /* client= */ true);
    }
}
