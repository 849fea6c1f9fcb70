// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.testkit.memory.HandEnd;
import io.hawser.testkit.memory.MemoryNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The client's side of a recording, played against the server of a test. */
final class ClientPlayback {
    /** Each line has a deadline of its own. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private ClientPlayback() {}

    static void play(Scene scene, int port, Recording recording) {
        List<String> fields = recording.requestFields().stream().flatMap(field -> Stream.of(field.getKey(), field.getValue())).toList();
        Request request = RawRequest.of(recording.target(), fields);
        AtomicReference<@Nullable Player> begun = new AtomicReference<>();
        MemoryNetwork.ByHand came = RawRequest.ask(scene, port, request, end -> begun.set(begin(scene, end, recording)))
                .orElseThrow(() -> Report.failure(scene, null, "a response to " + request, "none came"));
        requireRecorded(came.response(), recording);
        Player player = Objects.requireNonNull(begun.get());
        scene.world().await(player::isDone, LONGEST);
        scene.world().settle();
        player.failure().ifPresent(why -> {
            throw Report.failure(scene, came.strand().orElseThrow(), "the recorded conversation", "something else happened:\n" + why);
        });
    }

    private static Player begin(Scene scene, HandEnd end, Recording recording) {
        Player player = new Player(scene, end, /* client= */ true, recording.lines());
        player.begin();
        return player;
    }

    private static void requireRecorded(Response response, Recording recording) {
        String came = PlayedServer.described(String.valueOf(response.status()), Recording.fields(response.headers()));
        String recorded = PlayedServer.described("101", recording.responseFields());
        if (!came.equals(recorded)) {
            throw new AssertionError("expected the recorded response\n" + recorded + "but the server answered\n" + came);
        }
    }
}
