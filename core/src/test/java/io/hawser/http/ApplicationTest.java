// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import static io.hawser.WebSocketHandler.each;
import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.HttpStatusException;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.connection.LoopWatch;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.handshake.OriginCheck;
import io.hawser.waiting.Surroundings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationTest {
    private static final WebSocketHandler ECHO = each(message -> message);
    private static final String PAGE = "https://page.example";

    private final LoopByHand loop = new LoopByHand();
    private final Threads threads = new Threads();
    private final List<Application.Answer> answers = new ArrayList<>();

    private static Request plain() {
        return request(List.of());
    }

    private static Request upgrade(String key) {
        return request(List.of(
                Map.entry("Upgrade", "websocket"),
                Map.entry("Connection", "Upgrade"),
                Map.entry("Sec-WebSocket-Key", key),
                Map.entry("Sec-WebSocket-Version", "13")));
    }

    private static Request upgrade() {
        return upgrade("dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static Request request(List<Map.Entry<String, String>> fields) {
        List<Map.Entry<String, String>> all = new ArrayList<>(fields);
        all.add(Map.entry("Host", "server.example"));
        return KnownRequest.of(
                "GET", "/chat", HeaderFields.received(all), InetSocketAddress.createUnresolved("peer", 1));
    }

    private static Response accept(Request request) {
        return request.upgrade().orElseThrow().accept(ECHO);
    }

    private Application application(HttpHandler handler) {
        HttpSettings settings = new HttpSettings(
                handler,
                WebSocketOptions.defaults(),
                new PermessageDeflate.Memory(1 << 20),
                new OriginCheck(Set.of()),
                new HeadLimits(8192, 16_384, 100),
                1 << 20,
                true,
                new HttpTimes(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60)),
                Optional.empty(),
                Transport.NIO,
                1,
                Duration.ZERO);
        return new Application(settings, threads);
    }

    private void ask(Request request, boolean stopping, HttpHandler handler) {
        application(handler).answer(request, stopping, loop, answers::add);
    }

    private void askAsync(Request request, Response response) {
        ask(request, false, HttpHandler.async(asked -> completedStage(response)));
    }

    private Response sent() {
        assertThat(answers).hasSize(1);
        return answers.getFirst() instanceof Application.Answer.Sending(Response response)
                ? response
                : Response.text(500, "not sent: " + answers.getFirst());
    }

    private void assertFailed(String message) {
        assertThat(sent().status()).isEqualTo(500);
        assertThat(threads.failures).hasSize(1);
        assertThat(threads.failures.getFirst()).hasMessage(message);
    }

    @Test
    void tellsWhatAnAsyncHandlerAnswersOnTheLoop() {
        CompletableFuture<Response> later = new CompletableFuture<>();
        ask(plain(), false, HttpHandler.async(asked -> later));
        assertThat(answers).isEmpty();
        loop.current = false;
        later.complete(Response.of(204));
        assertThat(answers).as("not yet on the loop").isEmpty();
        loop.run();
        assertThat(sent().status()).isEqualTo(204);
    }

    /** As a server's does that has stopped before its handlers; asked for the loop again and again, the thread would spin for ever. */
    @Test
    void takesAnAnswerWithoutTheLoopThatHasEnded() {
        ask(plain(), false, asked -> Response.of(204));
        loop.current = false;
        loop.ended = true;
        threads.bodies.remove().run();
        assertThat(sent().status()).isEqualTo(204);
    }

    @Test
    void asksAnyOtherHandlerOnAThreadOfItsOwn() {
        ask(plain(), false, asked -> Response.of(204));
        assertThat(threads.names).containsExactly("hawser-http /chat");
        loop.current = false;
        threads.bodies.remove().run();
        assertThat(answers).isEmpty();
        loop.run();
        assertThat(sent().status()).isEqualTo(204);
    }

    /** A handler that looks at the path alone would answer 200. */
    @Test
    void makesNoTunnels() {
        Request connect = KnownRequest.of(
                "CONNECT", "server.example:80", HeaderFields.received(List.of()), InetSocketAddress.createUnresolved("peer", 1));
        askAsync(connect, Response.of(200));
        assertThat(sent().status()).isEqualTo(501);
    }

    /** The log tells of threads, in lines. */
    @Test
    void putsNoLineEndOfAClientsIntoAThreadsName() {
        Request request = KnownRequest.of(
                "GET", "/a%0D%0Ab?c", plain().headers(), InetSocketAddress.createUnresolved("peer", 1));
        ask(request, false, asked -> Response.of(204));
        assertThat(threads.names).containsExactly("hawser-http /a%0D%0Ab");
    }

    @Test
    void answersAFailureWith500AndTellsOfIt() {
        ask(plain(), false, asked -> {
            throw new IllegalStateException("no");
        });
        threads.bodies.remove().run();
        assertFailed("no");
    }

    @Test
    void answersAFailureOnTheLoopAlike() {
        ask(plain(), false, HttpHandler.async(asked -> {
            throw new IllegalStateException("no");
        }));
        assertFailed("no");
    }

    @Test
    @SuppressWarnings("NullAway") // what a handler does that is not checked
    void answersNothingWith500() {
        askAsync(plain(), null);
        assertFailed("the handler returned null");
    }

    @Test
    void answersARefusalThatCannotBeEncoded() {
        ask(plain(), false, HttpHandler.async(asked -> {
            throw new HttpStatusException(404, "no room \uD800");
        }));
        assertThat(sent().status()).isEqualTo(404);
        assertThat(sent().bodyText()).isEqualTo("no room ?");
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 600, 999})
    void answersWithNoStatusThatEndsNoRequest(int status) {
        askAsync(plain(), Response.received(status, plain().headers(), new byte[0]));
        assertFailed("no request can be answered with " + status);
    }

    @Test
    void acceptsAnUpgrade() {
        Request request = upgrade();
        Response response = accept(request);
        askAsync(request, response);
        assertThat(answers).singleElement().isInstanceOfSatisfying(Application.Answer.Switching.class, switching -> {
            assertThat(switching.response()).isSameAs(response);
            assertThat(switching.opening().request().target()).isEqualTo("/chat");
        });
        assertThat(threads.failures).isEmpty();
    }

    @Test
    void acceptsNoUpgradeThatWasNotAskedFor() {
        askAsync(plain(), accept(upgrade()));
        assertFailed("an upgrade was accepted that was not asked for");
    }

    @Test
    void acceptsNoUpgradeOfAnotherRequest() {
        askAsync(upgrade(), accept(upgrade("AQIDBAUGBwgJCgsMDQ4PEA==")));
        assertFailed("the upgrade that was accepted is another request's");
    }

    @Test
    void asksNobodyAboutUpgradesWhileTheServerStops() {
        ask(upgrade(), true, asked -> Response.of(204));
        assertThat(sent().status()).isEqualTo(503);
        assertThat(threads.bodies).isEmpty();
    }

    @Test
    void asksAboutPlainRequestsWhileTheServerStops() {
        ask(plain(), true, HttpHandler.async(asked -> completedStage(Response.of(204))));
        assertThat(sent().status()).isEqualTo(204);
    }

    @Test
    void asksNobodyAboutPagesOfForeignOrigins() {
        ask(upgradeFrom(PAGE), false, asked -> Response.of(204));
        assertThat(sent().status()).isEqualTo(403);
        assertThat(threads.bodies).isEmpty();
    }

    @Test
    void asksNoHandlerBehindOneThatIsLate() {
        List<Request> asked = new ArrayList<>();
        HttpHandler behind = HttpHandler.async(request -> {
            asked.add(request);
            return completedStage(Response.of(204));
        });
        ask(plain(), false, HttpHandler.composed((request, caller) ->
                caller.run(request, () -> "Ada").thenCompose(user -> caller.call(behind, request))));
        loop.expire();
        threads.bodies.remove().run();
        assertThat(sent().status()).isEqualTo(503);
        assertThat(asked).isEmpty();
    }

    // ---- handlers that have others answer

    @Test
    void hasOthersAnswerInTheirWays() {
        HttpHandler blocking = asked -> Response.of(204);
        ask(plain(), false, HttpHandler.composed((request, caller) -> caller.call(blocking, request)
                .thenCombine(caller.call(HttpHandler.async(asked -> completedStage(Response.of(201))), request),
                        (one, other) -> Response.of(200 + one.status() - other.status()))));
        assertThat(threads.names).containsExactly("hawser-http /chat");
        loop.current = false;
        threads.bodies.remove().run();
        assertThat(answers).as("not yet on the loop").isEmpty();
        loop.run();
        assertThat(sent().status()).isEqualTo(203);
    }

    @Test
    void takesCallsFromAnyThreadToTheLoop() {
        CompletableFuture<Response> elsewhere = new CompletableFuture<>();
        ask(plain(), false, HttpHandler.composed((request, caller) -> elsewhere.thenCompose(response ->
                caller.call(HttpHandler.async(asked -> completedStage(loop.current ? response : Response.of(500))), request))));
        loop.current = false;
        elsewhere.complete(Response.of(204));
        loop.run();
        assertThat(sent().status()).isEqualTo(204);
    }

    @Test
    void showsWhoComposesWhatFailuresCameTo() {
        HttpHandler failing = HttpHandler.async(asked -> CompletableFuture.failedStage(new IllegalStateException("no")));
        ask(plain(), false, HttpHandler.composed((request, caller) -> caller.call(failing, request).thenApply(r -> r.withHeader("X", "y"))));
        assertThat(sent().headers().firstValue("X")).contains("y");
        assertFailed("no");
    }

    @Test
    void answersForAComposedHandlerThatFails() {
        ask(plain(), false, HttpHandler.composed((request, caller) -> caller.run(request, () -> {
            throw new IllegalStateException("no");
        })));
        threads.bodies.remove().run();
        assertFailed("no");
    }

    private static Request upgradeFrom(String origin) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        upgrade().headers().map().forEach((name, values) -> fields.add(Map.entry(name, values.getFirst())));
        fields.removeIf(field -> field.getKey().equals("Host"));
        fields.add(Map.entry("Origin", origin));
        return request(fields);
    }

    private static HttpHandler permitting(String origin, HttpHandler inner) {
        OriginCheck check = new OriginCheck(Set.of(origin));
        return HttpHandler.composed((request, caller) -> caller.call(inner, Origins.permit(request, check)));
    }

    @Tag("H7")
    @Test
    void asksAboutPagesThatARoutePermits() {
        HttpHandler accepting = HttpHandler.async(request -> completedStage(accept(request)));
        ask(upgradeFrom(PAGE), false, permitting("https://other.example", permitting(PAGE, accepting)));
        ask(upgradeFrom(PAGE), false, permitting(PAGE, permitting("https://other.example", accepting)));
        assertThat(answers).hasSize(2).hasOnlyElementsOfType(Application.Answer.Switching.class);
    }

    @Tag("H7")
    @Test
    void asksNobodyAboutOtherPages() {
        ask(upgradeFrom("https://evil.example"), false, permitting(PAGE, asked -> Response.of(204)));
        assertThat(sent().status()).isEqualTo(403);
        assertThat(threads.bodies).isEmpty();
    }

    @Tag("H7")
    @Test
    void acceptsNoOtherPageEvenIfNobodyIsAsked() {
        ask(upgradeFrom(PAGE), false, HttpHandler.composed((request, caller) -> completedStage(accept(request))));
        assertThat(sent().status()).isEqualTo(403);
    }

    // ---- answers that are late, or have another status

    /** Whether it is thrown, or what a stage fails with that comes behind another. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersWithTheStatusOfAnException(boolean wrapped) {
        HttpStatusException thrown = new HttpStatusException(404, "no room 7");
        ask(plain(), false, HttpHandler.async(asked -> {
            if (wrapped) {
                return CompletableFuture.<Response>failedStage(thrown).thenApply(response -> response);
            }
            throw thrown;
        }));
        assertThat(sent().status()).isEqualTo(404);
        assertThat(sent().bodyText()).isEqualTo("no room 7");
        assertThat(threads.failures).isEmpty();
    }

    @Test
    void sets503InPlaceOfAnAnswerThatIsLate() {
        ask(plain(), false, asked -> Response.of(204));
        assertThat(loop.timerNanos).isEqualTo(Duration.ofSeconds(60).toNanos());
        loop.expire();
        assertThat(sent().status()).isEqualTo(503);
        assertThat(threads.interrupted).containsExactly(Thread.currentThread());
        threads.bodies.remove().run();
        assertThat(answers).as("the late one is dropped").hasSize(1);
        assertThat(threads.failures).isEmpty();
    }

    @Test
    void cancelsTheStreamOfALateAnswer() {
        AtomicInteger cancelled = new AtomicInteger();
        CompletableFuture<Response> late = new CompletableFuture<>();
        ask(plain(), false, HttpHandler.async(asked -> late));
        loop.expire();
        late.complete(Response.of(200, subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                cancelled.incrementAndGet();
            }
        })));
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void givesAHandlerItsTimeFromTheEndOfTheBodyOn() {
        ask(plain(), false, HttpHandler.async(asked -> new CompletableFuture<>()));
        loop.nanosSinceInput = Duration.ofSeconds(40).toNanos();
        loop.expire();
        assertThat(answers).isEmpty();
        assertThat(loop.timerNanos).isEqualTo(Duration.ofSeconds(20).toNanos());
        loop.nanosSinceInput = Duration.ofSeconds(60).toNanos();
        loop.expire();
        assertThat(sent().status()).isEqualTo(503);
    }

    @Test
    void setsNoTimerForWhatIsAnsweredAtOnce() {
        askAsync(plain(), Response.of(204));
        assertThat(loop.timer).isNull();
        assertThat(loop.timerNanos).isZero();
    }

    @Test
    void givesUpTheTimerOfWhatIsAnswered() {
        ask(plain(), false, asked -> Response.of(204));
        assertThat(loop.timer).isNotNull();
        threads.bodies.remove().run();
        assertThat(loop.timer).isNull();
    }

    /** What the test's thread runs when it is told to. */
    private static final class LoopByHand implements Application.Loop {
        private final LoopWatch watch = new LoopWatch(Thread.currentThread());
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private boolean current = true;
        private boolean ended;
        private @Nullable Runnable timer;
        private long timerNanos;
        private long nanosSinceInput = Long.MAX_VALUE;

        void run() {
            current = true;
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        @Override
        public boolean isCurrent() {
            return current;
        }

        @Override
        public LoopWatch watch() {
            return watch;
        }

        @Override
        public void execute(Runnable task) {
            if (ended) {
                task.run();
            } else {
                tasks.add(task);
            }
        }

        @Override
        public Runnable schedule(Runnable task, long delayNanos) {
            timer = task;
            timerNanos = delayNanos;
            return () -> timer = null;
        }

        @Override
        public long nanosSinceInput() {
            return nanosSinceInput;
        }

        void expire() {
            Runnable due = Objects.requireNonNull(timer);
            timer = null;
            due.run();
        }
    }

    /** Threads that the test runs itself. */
    private static final class Threads implements Surroundings {
        private final List<String> names = new ArrayList<>();
        private final Queue<Runnable> bodies = new ArrayDeque<>();
        private final List<Throwable> failures = new ArrayList<>();
        private final List<Thread> interrupted = new ArrayList<>();

        @Override
        public Thread start(String name, Runnable body) {
            names.add(name);
            bodies.add(body);
            return Thread.currentThread();
        }

        @Override
        public void onFailure(Throwable failure) {
            failures.add(failure);
        }

        @Override
        public Instant instant() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nanoTime() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Runnable schedule(Runnable task, Duration delay) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void park(Object blocker) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unpark(Thread waiting) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void interrupt(Thread running) {
            interrupted.add(running);
        }

        @Override
        public RandomGenerator newChance() {
            throw new UnsupportedOperationException();
        }
    }
}
