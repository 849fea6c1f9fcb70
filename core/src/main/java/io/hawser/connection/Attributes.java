// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Attribute;
import io.hawser.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/** What the application keeps with a connection, over what its request carried. Any thread. Copied when changed: that is seldom. */
final class Attributes {
    /** Not an object of its own, since there is one for each connection. */
    @SuppressWarnings("rawtypes") // a class literal knows no type arguments
    private static final AtomicReferenceFieldUpdater<Attributes, Map> OWN =
            AtomicReferenceFieldUpdater.newUpdater(Attributes.class, Map.class, "own");

    private final Request request;
    /** An empty value where one was removed. */
    private volatile Map<Attribute<?>, Optional<?>> own = Map.of();

    Attributes(Request request) {
        this.request = request;
    }

    @SuppressWarnings("unchecked") // set() lets only a T in
    <T> Optional<T> get(Attribute<T> key) {
        Optional<?> value = own.get(key);
        return value == null ? request.get(key) : (Optional<T>) value;
    }

    <T> void set(Attribute<T> key, T value) {
        put(key, Optional.of(value));
    }

    void remove(Attribute<?> key) {
        put(key, Optional.empty());
    }

    private void put(Attribute<?> key, Optional<?> value) {
        Objects.requireNonNull(key);
        Map<Attribute<?>, Optional<?>> before;
        Map<Attribute<?>, Optional<?>> changed;
        do {
            before = own;
            changed = new HashMap<>(before);
            changed.put(key, value);
        } while (!OWN.compareAndSet(this, before, changed));
    }
}
