// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.ConnectFailedException;
import io.hawser.Tls;
import io.hawser.UpgradeRefusedException;
import io.hawser.connection.LiveConnection;
import io.hawser.network.Connector;
import io.hawser.network.Proxies;
import io.hawser.network.UpgradeOpener;
import io.hawser.network.UpgradeSettings;
import io.hawser.protocol.handshake.ClientHandshake;
import io.hawser.waiting.Surroundings;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connect call: from server to server as they redirect, until one takes the upgrade or refuses it. What the caller's objects are asked
 * for on the way, cookies and proxies, is asked on virtual threads.
 */
final class Journey {
    /** How long behind the deadline a step is left alone: who waits for a socket says more about it. */
    private static final long BACKSTOP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Connector connector;
    private final Surroundings surroundings;
    private final ConnectOptions options;
    private final UpgradeOpener opener;
    private final URI start;
    private final long deadline;
    private final CompletableFuture<LiveConnection> opened = new CompletableFuture<>();

    /** A server on the way. */
    private record Stop(
            URI uri, Destination destination, String key, List<Map.Entry<String, String>> headers, Tls tls, int redirects) {}

    /** What may block, or throw. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    Journey(Connector connector, ConnectOptions options, UpgradeOpener opener, URI start) {
        this.connector = connector;
        this.surroundings = connector.surroundings();
        this.options = options;
        this.opener = opener;
        this.start = start;
        this.deadline = surroundings.nanoTime() + options.connectTimeout.toNanos();
    }

    /**
     * Sets out.
     *
     * @return completes on the connection's loop, or behind a handler of cookies on a virtual thread; to be cancelled where nobody waits
     * @throws IllegalArgumentException if the URI or the nonce is of no use
     */
    CompletableFuture<LiveConnection> begin() {
        goTo(stop(start, options.headers, options.tls, 0));
        return opened;
    }

    private Stop stop(URI uri, List<Map.Entry<String, String>> headers, Tls tls, int redirects) {
        return new Stop(uri, Destination.of(uri), ClientHandshake.key(options.nonces.get()), headers, tls, redirects);
    }

    private void goTo(Stop stop) {
        CompletableFuture<LiveConnection> attempt = new CompletableFuture<>();
        opened.whenComplete((live, failure) -> attempt.cancel(false)); // without effect but where nobody waits any more
        attempt.whenComplete((live, failure) -> {
            if (failure == null) {
                arrived(stop, live);
            } else if (failure instanceof UpgradeRefusedException refusal) {
                step(stop, () -> refused(stop, refusal));
            } else {
                opened.completeExceptionally(failure);
            }
        });
        step(stop, () -> {
            if (!opened.isDone()) {
                connector.connect(settings(stop), opener, attempt);
            }
        });
    }

    private UpgradeSettings settings(Stop stop) throws IOException {
        List<Map.Entry<String, String>> headers = stop.headers();
        if (options.cookies().isPresent()) {
            headers = Cookies.with(options.cookies().get(), stop.uri(), headers);
        }
        return new UpgradeSettings(
                name(stop),
                stop.destination().secure() ? Optional.of(stop.tls()) : Optional.empty(),
                stop.destination().host(),
                stop.destination().port(),
                stop.destination().authority(),
                stop.destination().target(),
                headers,
                options.subprotocols,
                opener.compression(),
                stop.key(),
                options.connectTimeout,
                deadline,
                proxies(HttpUri.of(stop.uri())),
                options.localAddress(),
                options.maxHeaderBytes);
    }

    private Proxies proxies(URI server) {
        List<Proxy> chosen = options.proxies.select(server);
        return new Proxies(
                chosen == null || chosen.isEmpty() ? List.of(Proxy.NO_PROXY) : chosen,
                options.proxyCredentials().map(who -> new Proxies.Login(who.user(), who.password())),
                (proxy, failure) -> options.proxies.connectFailed(server, proxy.address(), failure));
    }

    private void arrived(Stop stop, LiveConnection live) {
        if (options.cookies().isEmpty()) {
            open(live);
            return;
        }
        step(stop, () -> {
            try {
                keepCookies(stop, live.connection().response().headers());
            } catch (IOException | RuntimeException e) {
                live.abort("its cookies cannot be kept");
                throw e;
            }
            open(live);
        });
    }

    private void open(LiveConnection live) {
        if (!opened.complete(live)) {
            live.abort("nobody waits for the connection any more");
        }
    }

    private void refused(Stop stop, UpgradeRefusedException refusal) throws IOException {
        keepCookies(stop, refusal.headers());
        if (!Redirect.is(refusal.status())) {
            opened.completeExceptionally(refusal);
            return;
        }
        Stop next;
        try {
            next = next(stop, refusal);
        } catch (IllegalArgumentException e) {
            opened.completeExceptionally(refusal.because("not followed: " + e.getMessage()));
            return;
        }
        goTo(next);
    }

    private Stop next(Stop stop, UpgradeRefusedException refusal) {
        int max = options.redirects;
        if (stop.redirects() == max) {
            throw new IllegalArgumentException(max == 0
                    ? "ConnectOptions.redirects allows none"
                    : max + " redirects were followed, and ConnectOptions.redirects allows no more");
        }
        URI target = Redirect.target(stop.uri(), refusal.headers().allValues("Location"));
        // RFC 9110 15.4: header fields not generated by the implementation, such as Authorization and Cookie, may be unfit for the target.
        if (HttpUri.haveOneOrigin(stop.uri(), target)) {
            return stop(target, stop.headers(), stop.tls(), stop.redirects() + 1);
        }
        if (stop.tls().context().isPresent() && target.getScheme().equals("wss")) {
            throw new IllegalArgumentException("it leads to another origin over TLS, where Tls.context, which may hold a certificate of the"
                    + " client's, does not go; use Tls.trust and Tls.certificate, or connect to the other origin itself");
        }
        return stop(target, List.of(), stop.tls().withoutCertificates(), stop.redirects() + 1);
    }

    private void keepCookies(Stop stop, HttpHeaders response) throws IOException {
        if (options.cookies().isPresent()) {
            Cookies.keep(options.cookies().get(), stop.uri(), response);
        }
    }

    /** As messages name it. */
    private String name(Stop stop) {
        String first = ShownUri.of(start);
        return stop.redirects() == 0 ? first : ShownUri.of(stop.uri()) + " (redirected from " + first + ")";
    }

    /** Does what may block, and may throw anything where the caller's objects are asked. One that blocks too long is left alone. */
    private void step(Stop stop, Step step) {
        long patience = Math.max(0, deadline + BACKSTOP_NANOS - surroundings.nanoTime());
        Runnable cancelBackstop = surroundings.schedule(
                () -> fail(stop, "the connection was not open within " + options.connectTimeout, null), Duration.ofNanos(patience));
        surroundings.start("hawser-connect", () -> {
            try {
                step.run();
            } catch (Throwable e) {
                fail(stop, "" + e.getMessage(), e);
            } finally {
                cancelBackstop.run();
            }
        });
    }

    private void fail(Stop stop, String why, @Nullable Throwable cause) {
        opened.completeExceptionally(new ConnectFailedException("cannot connect to " + name(stop) + ": " + why, cause));
    }
}
