// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.junit;

import io.hawser.HttpHandler;
import io.hawser.WebSocketHandler;
import io.hawser.client.ConnectOptions;
import io.hawser.client.HawserClient;
import io.hawser.server.HawserServer;
import io.hawser.server.ServerOptions;
import io.hawser.testkit.EphemeralServer;
import io.hawser.testkit.HawserTest;
import io.hawser.testkit.TestOptions;
import java.net.URI;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * An application for tests of JUnit Jupiter, in a field: {@code @RegisterExtension static final HawserExtension HAWSER =
 * HawserExtension.of(app)}. A method of a test or of its life cycle that has a parameter of one of these types is given it:
 *
 * <ul>
 *   <li>{@link EphemeralServer}: the application on a socket
 *   <li>{@link HawserServer}, {@link HawserClient}: its server and its client
 *   <li>{@link URI}: where it is, {@code ws} or {@code wss}, with a slash for its path
 *   <li>{@link HawserTest}: the application in memory; a new one for each test, whose methods before and behind it are given the same
 * </ul>
 *
 * <p>In a static field there is one server for all tests of the class and of those nested in it; in an instance's field, one for each test,
 * or for all of the class if that has one instance. The server starts when it is first asked for, so that a class whose tests run in memory
 * opens no socket, and ends behind the last test, which fails if the server cannot end; see {@link EphemeralServer#close}.
 *
 * <p>Immutable: {@link #server}, {@link #client} and {@link #inMemory} return a changed one.
 */
public final class HawserExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private static final Set<Class<?>> OF_SERVER =
            Set.of(EphemeralServer.class, HawserServer.class, HawserClient.class, URI.class);

    private final Supplier<HttpHandler> application;
    private final UnaryOperator<ServerOptions> server;
    private final UnaryOperator<ConnectOptions> client;
    private final UnaryOperator<TestOptions> memory;

    private HawserExtension(
            Supplier<HttpHandler> application,
            UnaryOperator<ServerOptions> server,
            UnaryOperator<ConnectOptions> client,
            UnaryOperator<TestOptions> memory) {
        this.application = application;
        this.server = server;
        this.client = client;
        this.memory = memory;
    }

    /** For an application. */
    public static HawserExtension of(HttpHandler application) {
        return of(() -> application);
    }

    /** For a handler, which takes every upgrade. */
    public static HawserExtension of(WebSocketHandler handler) {
        return of(HttpHandler.webSocket(handler));
    }

    /** For an application that is made anew for each server, and for each {@link HawserTest}. */
    public static HawserExtension of(Supplier<HttpHandler> application) {
        return new HawserExtension(application, o -> o, o -> o, o -> o);
    }

    /** Changes the options of the server on a socket, such as for TLS; see {@link EphemeralServer#start}. */
    public HawserExtension server(UnaryOperator<ServerOptions> change) {
        return new HawserExtension(application, o -> change.apply(server.apply(o)), client, memory);
    }

    /** Changes the options of the client of that server. */
    public HawserExtension client(UnaryOperator<ConnectOptions> change) {
        return new HawserExtension(application, server, o -> change.apply(client.apply(o)), memory);
    }

    /** Changes the options of the application in memory, such as its seed. */
    public HawserExtension inMemory(UnaryOperator<TestOptions> change) {
        return new HawserExtension(application, server, client, o -> change.apply(memory.apply(o)));
    }

    private ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(Namespace.create(HawserExtension.class, this));
    }

    /** For all tests of a class; nested ones have that of the class around them. */
    @Override
    public void beforeAll(ExtensionContext context) {
        begin(context);
    }

    /** For one test, unless there is one for its class. */
    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context);
    }

    private void begin(ExtensionContext context) {
        ExtensionContext.Store store = store(context);
        if (store.get(EphemeralServer.class) == null) {
            store.put(EphemeralServer.class, new OnDemand<>(
                    () -> EphemeralServer.start(application.get(), server, client), EphemeralServer::close));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            end(context, HawserTest.class);
        } finally {
            end(context, EphemeralServer.class);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end(context, EphemeralServer.class);
    }

    /** What was begun in this very context; one around it is left alone. */
    private void end(ExtensionContext context, Class<?> kind) {
        if (store(context).remove(kind) instanceof OnDemand<?> begun) {
            begun.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return OF_SERVER.contains(type) || (type.equals(HawserTest.class) && context.getTestMethod().isPresent());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type.equals(HawserTest.class)) {
            return inMemory(store(context));
        }
        EphemeralServer started = started(store(context));
        if (type.equals(HawserServer.class)) {
            return started.server();
        }
        if (type.equals(HawserClient.class)) {
            return started.client();
        }
        return type.equals(URI.class) ? started.uri("/") : started;
    }

    private HawserTest inMemory(ExtensionContext.Store store) {
        OnDemand<?> known = store.get(HawserTest.class, OnDemand.class);
        if (known == null) {
            known = new OnDemand<>(() -> HawserTest.of(application.get(), memory), HawserTest::close);
            store.put(HawserTest.class, known);
        }
        return (HawserTest) known.get();
    }

    private static EphemeralServer started(ExtensionContext.Store store) {
        OnDemand<?> begun = store.get(EphemeralServer.class, OnDemand.class);
        if (begun == null) {
            throw new ParameterResolutionException("there is no server yet; register the HawserExtension in a static field for this");
        }
        return (EphemeralServer) begun.get();
    }
}
