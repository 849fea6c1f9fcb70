// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.testkit.memory.MemoryNetwork;
import io.hawser.testkit.memory.World;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What all probes of a test share. */
final class Scene {
    private final MemoryNetwork network;
    private final TestOptions options;
    /** What probes failed with because the test said so: no failure of the application's. */
    private final List<Throwable> given = new CopyOnWriteArrayList<>();

    Scene(MemoryNetwork network, TestOptions options) {
        this.network = network;
        this.options = options;
    }

    World world() {
        return network.world();
    }

    MemoryNetwork network() {
        return network;
    }

    TestOptions options() {
        return options;
    }

    void give(Throwable failure) {
        given.add(failure);
    }

    /** What the application's code threw, in its order. */
    List<Throwable> failures() {
        return world().failures().stream().filter(failure -> !given.contains(failure)).toList();
    }
}
