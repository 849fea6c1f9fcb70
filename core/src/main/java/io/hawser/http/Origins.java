// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Attribute;
import io.hawser.Request;
import io.hawser.protocol.handshake.OriginCheck;
import java.util.List;
import java.util.stream.Stream;

/** Which pages may upgrade: those that the server permits, and those that routes permit beside. Pure functions, for any thread. */
public final class Origins {
    private static final Attribute<List<OriginCheck>> ADDED = Attribute.of("origins");

    private Origins() {}

    /** The request, whose upgrade pages may ask for that pass this check, beside those that may already. */
    public static Request permit(Request request, OriginCheck check) {
        return request.with(ADDED, Stream.concat(added(request), Stream.of(check)).toList());
    }

    /** Whether a request asks for no upgrade, or for one that its origin may ask for. */
    static boolean permits(HttpSettings settings, Request request) {
        boolean secure = settings.tls().isPresent() || request.tlsSession().isPresent();
        return request.upgrade().isEmpty()
                || Stream.concat(Stream.of(settings.origins()), added(request))
                        .anyMatch(check -> check.permits(request.headers()::allValues, secure));
    }

    private static Stream<OriginCheck> added(Request request) {
        return request.get(ADDED).stream().flatMap(List::stream);
    }
}
