// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.testkit.memory.World;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Ends the conversations of each test behind it, so that no handler's thread is left. */
final class EndOfTalks implements AfterEachCallback {
    private static final ThreadLocal<List<World>> WORLDS = ThreadLocal.withInitial(ArrayList::new);

    /** A conversation of the calling thread began in this world. */
    static void expect(World world) {
        WORLDS.get().add(world);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<World> worlds = List.copyOf(WORLDS.get());
        WORLDS.remove();
        worlds.forEach(World::end);
    }
}
