// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.Attribute;
import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.http.Origins;
import io.hawser.protocol.handshake.OriginCheck;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** What stands around handlers. */
final class Wraps {
    private Wraps() {}

    static Leaf.Wrap origins(List<String> allowed) {
        OriginCheck check = new OriginCheck(Set.copyOf(allowed));
        return inner -> HttpHandler.composed((request, caller) -> caller.call(inner, Origins.permit(request, check)));
    }

    static Leaf.Wrap around(Routes.Around around) {
        return inner -> HttpHandler.composed((request, caller) -> around.answer(request, changed -> caller.call(inner, changed)));
    }

    static Leaf.Wrap mapResponse(UnaryOperator<Response> change) {
        return inner -> HttpHandler.composed((request, caller) -> caller.call(inner, request).thenApply(change));
    }

    // ---- authentication

    /** Lets those in of whom the check knows who they are. */
    static <T> Leaf.Wrap authenticated(Attribute<T> who, Routes.Blocking<? super Request, Optional<T>> check, String challenge) {
        return inner -> HttpHandler.composed((request, caller) -> caller.<Optional<T>>run(request, () -> check.apply(request))
                .thenCompose(known -> known.map(value -> caller.call(inner, request.with(who, value)))
                        .orElseGet(() -> CompletableFuture.completedStage(unauthorized(challenge)))));
    }

    /** RFC 9110 15.5.2: the server generating a 401 response MUST send a WWW-Authenticate header field. */
    private static Response unauthorized(String challenge) {
        return Response.text(401, "Unauthorized").withHeader("WWW-Authenticate", challenge);
    }

    /** RFC 7617 2.1: in the charset that the server asks for. */
    static String basicChallenge(String realm) {
        if (realm.chars().anyMatch(c -> c < ' ' || c > '~' || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("a realm must be of printable ASCII without quotes and backslashes, not \"" + realm + '"');
        }
        return "Basic realm=\"" + realm + "\", charset=\"UTF-8\"";
    }

    static <T> Routes.Blocking<Request, Optional<T>> basic(Routes.PasswordCheck<T> check) {
        return request -> {
            Optional<Basic> sent = Basic.of(request.headers().allValues("Authorization"));
            return sent.isPresent() ? check.check(sent.get().user(), sent.get().password()) : Optional.empty();
        };
    }

    /** RFC 7617 2: a name without colons, a colon, and a password, in base64. */
    private record Basic(String user, String password) {
        private static final String SCHEME = "basic ";

        static Optional<Basic> of(List<String> fields) {
            if (fields.size() != 1 || !fields.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                return Optional.empty();
            }
            try {
                byte[] bytes = Base64.getDecoder().decode(fields.getFirst().substring(SCHEME.length()).strip());
                String pair = new String(bytes, StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                return colon < 0 ? Optional.empty() : Optional.of(new Basic(pair.substring(0, colon), pair.substring(colon + 1)));
            } catch (IllegalArgumentException e) { // no base64
                return Optional.empty();
            }
        }
    }
}
