// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.testkit.memory.Door;
import io.hawser.testkit.memory.HandEnd;
import io.hawser.testkit.memory.Tap;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A server that plays the server's side of a {@link Recording} to clients under test. For the test's own thread. */
public final class PlayedServer {
    /** Each line has a deadline of its own. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Scene scene;
    private final Recording recording;
    private final int port;
    private final List<Player> players = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    PlayedServer(Scene scene, Recording recording) {
        this.scene = scene;
        this.recording = recording;
        this.port = scene.network().open(this::answer);
    }

    /** Where the recorded target is, for {@link HawserTest#client}. */
    public URI uri() {
        return URI.create("ws://127.0.0.1:" + port + recording.target());
    }

    /**
     * Waits until each client that has connected has done all that the recorded one did, in that order; for {@link TestOptions#within} behind
     * the recorded time of each line. An {@link AssertionError} shows what one did instead, or that none connected.
     */
    public void expectPlayed() {
        if (scene.world().await(() -> !refused.isEmpty() || !players.isEmpty(), scene.options().within())) {
            scene.world().await(() -> !refused.isEmpty() || players.stream().allMatch(Player::isDone), LONGEST);
        }
        scene.world().settle();
        refused.stream().findFirst().ifPresent(why -> {
            throw new AssertionError(why);
        });
        if (players.isEmpty()) {
            throw Report.failure(scene, null, "a client to play the recording to", "none connected to " + uri());
        }
        players.forEach(player -> player.failure().ifPresent(why -> {
            throw new AssertionError(why);
        }));
    }

    private void answer(Request request, Consumer<Door.Reply> told) {
        String came = described(request.target(), Recording.fields(request.headers()));
        String recorded = described(recording.target(), recording.requestFields());
        if (!came.equals(recorded)) {
            refused.add("expected the recorded request\n" + recorded + "but the client asked\n" + came);
            Response why = Response.text(400, "not the recorded request");
            told.accept(new Door.Reply.Plain(Response.received(400, why.headers(), new byte[0])));
            return;
        }
        RawHandshake handshake = RawHandshake.RIGHT;
        for (Map.Entry<String, String> field : recording.responseFields()) {
            handshake = handshake.header(field.getKey(), field.getValue());
        }
        told.accept(new Door.Reply.Switched(handshake.answer(request), (out, in, addresses) -> {
            HandEnd end = new HandEnd(out, in, Tap.NONE);
            Player player = new Player(scene, end, /* client= */ false, recording.lines());
            players.add(player);
            player.begin();
            return end;
        }));
    }

    /** A request or a response, as far as it counts. */
    static String described(String first, List<Map.Entry<String, String>> fields) {
        StringBuilder text = new StringBuilder("  ").append(first).append('\n');
        fields.stream().sorted(Map.Entry.comparingByKey())
                .forEach(field -> text.append("  ").append(field.getKey()).append(": ").append(field.getValue()).append('\n'));
        return text.toString();
    }
}
