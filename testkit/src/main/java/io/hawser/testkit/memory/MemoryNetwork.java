// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.Connection;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.http.HttpSettings;
import io.hawser.http.KnownRequest;
import io.hawser.network.Acceptor;
import io.hawser.network.Connector;
import io.hawser.network.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Servers and clients of one process that meet in memory, on the one loop of a world. A port is all that counts of an address. */
public final class MemoryNetwork implements Network {
    private static final int FIRST_PORT = 49_152;

    private final World world;
    private final Optional<Principal> principal;
    private final BiConsumer<? super Link, ? super Link> preparation;
    private final Map<Integer, Door> doors = new ConcurrentHashMap<>();
    private final List<Strand> strands = new CopyOnWriteArrayList<>();
    private final AtomicInteger ports = new AtomicInteger(FIRST_PORT);

    /**
     * A network on which nobody listens so far.
     *
     * @param principal who clients are by their certificate, to a server
     * @param preparation given the links of each new connection, to the server and to the client
     */
    public MemoryNetwork(World world, Optional<Principal> principal, BiConsumer<? super Link, ? super Link> preparation) {
        this.world = world;
        this.principal = principal;
        this.preparation = preparation;
    }

    /** Where it runs. */
    public World world() {
        return world;
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public Transport transport() {
        return Transport.MEMORY;
    }

    @Override
    public Connector newConnector() {
        return new MemoryConnector(this);
    }

    @Override
    public Acceptor listen(InetSocketAddress address, HttpSettings settings) {
        if (settings.tls().isPresent()) {
            throw new IllegalArgumentException("there is no TLS in memory; leave it out, and use a socket for what it changes");
        }
        int port = address.getPort() == 0 ? ports.getAndIncrement() : address.getPort();
        MemoryAcceptor acceptor = new MemoryAcceptor(this, at(port), settings);
        open(port, acceptor);
        return acceptor;
    }

    /**
     * Opens a door.
     *
     * @throws UncheckedIOException if there is one at that port
     */
    public void open(int port, Door door) {
        if (doors.putIfAbsent(port, door) != null) {
            throw new UncheckedIOException(new IOException("port " + port + " is listened on in memory already"));
        }
    }

    /** Opens a door at a port that is free; returns that. */
    public int open(Door door) {
        int port = ports.getAndIncrement();
        open(port, door);
        return port;
    }

    /** Nobody is let in there any more. */
    public void close(int port, Door door) {
        doors.remove(port, door);
    }

    /** Who listens on a port. */
    public Optional<Door> door(int port) {
        return Optional.ofNullable(doors.get(port));
    }

    /** The addresses of a new connection as the server at a port sees them. */
    public MemoryWire.Addresses newAddresses(int port) {
        return new MemoryWire.Addresses(at(ports.getAndIncrement()), at(port), principal);
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * What came of a request that a test made by hand.
     *
     * @param response as the client receives it
     * @param end the client's end, where that is a 101
     * @param strand the connection, where that is a 101
     */
    public record ByHand(Response response, Optional<HandEnd> end, Optional<Strand> strand) {}

    /**
     * Asks at a port, for a client that a test moves by hand; on the loop.
     *
     * @param request as the client sends it; its address does not count
     * @param told takes what came of it, on the loop
     * @throws IllegalStateException if nobody listens there
     */
    public void askByHand(int port, Request request, Consumer<ByHand> told) {
        Door door = door(port).orElseThrow(() -> new IllegalStateException("nobody listens in memory on port " + port));
        MemoryWire.Addresses ofServer = newAddresses(port);
        Request received =
                KnownRequest.of(request.method(), request.target(), request.headers(), ofServer.remote());
        door.ask(received, reply -> told.accept(switch (reply) {
            case Door.Reply.Plain(Response response) -> new ByHand(response, Optional.empty(), Optional.empty());
            case Door.Reply.Cut(Response head, Throwable why) -> new ByHand(head, Optional.empty(), Optional.empty());
            case Door.Reply.Switched(Response response, Door.Joining server) -> joinByHand(received, response, server, ofServer);
        }));
    }

    private ByHand joinByHand(Request request, Response response, Door.Joining server, MemoryWire.Addresses ofServer) {
        Transcript transcript = new Transcript(world);
        Link toServer = new Link(world);
        Link toClient = new Link(world);
        HandEnd client = new HandEnd(toServer, toClient, transcript);
        prepare(toServer, toClient);
        Link.join(client, toServer, server.join(toClient, toServer, ofServer), toClient);
        Strand strand = new Strand(request, response, toServer, toClient, transcript, null);
        add(strand);
        return new ByHand(response, Optional.of(client), Optional.of(strand));
    }

    /** Runs a task on the loop after a time. */
    public void schedule(Runnable task, Duration delay) {
        world.scheduleOnLoop(task, delay.toNanos());
    }

    /** Breaks all connections, once the loop goes on, and refuses those that are asked for from now on. */
    public void cutAll() {
        doors.clear();
        world.execute(() -> strands.forEach(strand -> strand.toServer().reset()));
    }

    void prepare(Link toServer, Link toClient) {
        preparation.accept(toServer, toClient);
    }

    void add(Strand strand) {
        strands.add(strand);
    }

    /** All connections so far, in the order in which they were opened. */
    public List<Strand> strands() {
        return strands;
    }

    /** A connection by what its client has of it. */
    public Optional<Strand> strand(Connection client) {
        return strands.stream().filter(strand -> client.equals(strand.client())).findFirst();
    }
}
