// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static io.hawser.route.Routes.any;
import static io.hawser.route.Routes.authenticated;
import static io.hawser.route.Routes.prefix;
import static io.hawser.route.Routes.routes;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Attribute;
import io.hawser.Request;
import io.hawser.Transport;
import io.hawser.conformance.raw.RawClient;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A handler of requests that takes its time, and clients that do not wait for it. */
@Timeout(60)
@Tag("hostile-17")
class HostileAuthoriserTest {
    @RegisterExtension
    static final Target TARGET = Target.withDefaults();

    private static final Attribute<String> USER = Attribute.of("user");

    private final Semaphore asked = new Semaphore(0);
    private final Semaphore answers = new Semaphore(0);

    private Target start(Transport transport) throws Exception {
        Target target = TARGET.startOn(transport);
        target.app().route("/authorised", request -> {
            asked.release();
            answers.acquire();
            return request.upgrade().orElseThrow().accept(target.app().echo(Face.DIRECT));
        });
        return target;
    }

    /** The same in front of a route, whose handler need not wait. */
    private Target startRoutes(Transport transport) throws Exception {
        Target target = TARGET.around(app -> routes(authenticated(USER, this::authorise, prefix("/", any(app))))).startOn(transport);
        target.app().route("/authorised", request -> request.upgrade().orElseThrow().accept(target.app().echo(Face.DIRECT)));
        return target;
    }

    private Optional<String> authorise(Request request) throws InterruptedException {
        if (request.path().equals("/authorised")) {
            asked.release();
            answers.acquire();
        }
        return Optional.of("anybody");
    }

    /** How a client goes. */
    @FunctionalInterface
    private interface Leaving {
        void by(RawClient client) throws IOException;
    }

    /** A handler that is given the connection all the same is told of its end, once. */
    private void answersAClientThatIsGone(Target started, Leaving leaving) throws Exception {
        try (Target target = started) {
            for (int round = 0; round < 10; round++) {
                RawClient client = target.connect();
                client.send(RawClient.upgrade("/authorised"));
                asked.acquire();
                leaving.by(client);
                answers.release();
                target.verify();
                target.app().beginNextCase();
            }
        }
    }

    @Tag("hostile-55")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void answersAClientThatHasBeenReset(Transport transport) throws Exception {
        answersAClientThatIsGone(start(transport), RawClient::reset);
        answersAClientThatIsGone(startRoutes(transport), RawClient::reset);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void answersAClientThatHasClosed(Transport transport) throws Exception {
        answersAClientThatIsGone(start(transport), RawClient::close);
        answersAClientThatIsGone(startRoutes(transport), RawClient::close);
    }

    /** Its request has come, so it is answered, though it says nothing more. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void answersAClientThatHasEndedItsOutput(Transport transport) throws Exception {
        try (Target target = start(transport);
                RawClient client = target.connect()) {
            client.send(RawClient.upgrade("/authorised"));
            asked.acquire();
            client.endOutput();
            answers.release();
            client.expectSwitched();
            client.readRest();
            assertThat(target.watchUntilOver().how().clean()).isFalse();
        }
    }
}
