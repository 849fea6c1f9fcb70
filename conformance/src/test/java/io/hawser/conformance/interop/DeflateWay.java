// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.interop;

import io.hawser.Compression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One way to agree on permessage-deflate: what the peer wants, and what we do.
 *
 * @param serverNoContext whether the peer names {@code server_no_context_takeover}
 * @param clientNoContext whether the peer names {@code client_no_context_takeover}
 * @param serverBits the peer's {@code server_max_window_bits}; 0 if it names none
 * @param clientBits the peer's {@code client_max_window_bits}; 0 if it names none, {@link #NO_VALUE} if without a value
 * @param ours what we want
 */
record DeflateWay(boolean serverNoContext, boolean clientNoContext, int serverBits, int clientBits, Ours ours) {
    static final int NO_VALUE = 1;

    private static final int MAX_BITS = 15;
    private static final List<Integer> BITS = IntStream.rangeClosed(8, MAX_BITS).boxed().toList();

    /** What we want: context takeover and window of what we send, and of what comes. */
    record Ours(boolean outgoingContext, boolean incomingContext, int outgoingBits, int incomingBits) {
        static final Ours DEFAULT = new Ours(true, true, MAX_BITS, MAX_BITS);

        Compression compression() {
            return Compression.on()
                    .thresholdBytes(0)
                    .outgoingContext(outgoingContext)
                    .incomingContext(incomingContext)
                    .outgoingWindowBits(outgoingBits)
                    .incomingWindowBits(incomingBits);
        }

        /** As a path, for servers that are told by their clients what to want. */
        String path() {
            return String.join("/", "/" + outgoingContext, "" + incomingContext, "" + outgoingBits, "" + incomingBits);
        }

        static Ours ofPath(String path) {
            String[] parts = path.split("/", -1);
            return new Ours(
                    Boolean.parseBoolean(parts[1]), Boolean.parseBoolean(parts[2]), Integer.parseInt(parts[3]), Integer.parseInt(parts[4]));
        }

        private boolean isDefault() {
            return equals(DEFAULT);
        }
    }

    /** Each value of each parameter once at least, and each pair of takeovers. */
    static List<DeflateWay> some() {
        List<Integer> serverBits = with(0);
        List<Integer> clientBits = with(NO_VALUE);
        List<DeflateWay> ways = new ArrayList<>();
        for (int i = 0; i < serverBits.size(); i++) {
            ways.add(new DeflateWay(i % 4 > 1, i % 2 > 0, serverBits.get(i), clientBits.get(clientBits.size() - 1 - i), Ours.DEFAULT));
        }
        ways.add(new DeflateWay(false, false, 0, 0, Ours.DEFAULT));
        for (int i = 0; i < BITS.size(); i++) {
            ways.add(new DeflateWay(false, false, 0, NO_VALUE, new Ours(i % 4 > 1, i % 2 > 0, BITS.get(i), BITS.get(BITS.size() - 1 - i))));
        }
        return ways;
    }

    /** The whole product of the peer's parameters, and that of ours with a peer that wants nothing of its own. */
    static List<DeflateWay> all() {
        List<Boolean> both = List.of(false, true);
        List<Integer> clientBits = new ArrayList<>(with(NO_VALUE));
        clientBits.add(0, 0);
        Stream<DeflateWay> theirs = both.stream().flatMap(serverNo -> both.stream().flatMap(clientNo -> with(0).stream()
                .flatMap(server -> clientBits.stream().map(client -> new DeflateWay(serverNo, clientNo, server, client, Ours.DEFAULT)))));
        Stream<DeflateWay> ours = both.stream().flatMap(out -> both.stream().flatMap(in -> BITS.stream().flatMap(outBits -> BITS.stream()
                .map(inBits -> new DeflateWay(false, false, 0, NO_VALUE, new Ours(out, in, outBits, inBits))))));
        return Stream.concat(theirs, ours).toList();
    }

    private static List<Integer> with(int first) {
        return Stream.concat(Stream.of(first), BITS.stream()).toList();
    }

    boolean oursIsDefault() {
        return ours.isDefault();
    }

    /** For the peer's scripts. */
    String json() {
        List<String> members = new ArrayList<>();
        members.add("\"query\":\"" + ours.path() + "\"");
        if (serverNoContext) {
            members.add("\"serverNoContext\":true");
        }
        if (clientNoContext) {
            members.add("\"clientNoContext\":true");
        }
        if (serverBits > 0) {
            members.add("\"serverBits\":" + serverBits);
        }
        members.add("\"clientBits\":" + (clientBits <= NO_VALUE ? clientBits == NO_VALUE : clientBits));
        return members.stream().collect(Collectors.joining(",", "{", "}"));
    }

    /** For a server that is told by its clients what to want; what a server can only leave out is left out. */
    String query() {
        return "/?" + (serverNoContext ? "serverNoContext&" : "")
                + (clientNoContext ? "clientNoContext&" : "")
                + (serverBits > 0 ? "serverBits=" + serverBits + "&" : "")
                + (clientBits > NO_VALUE ? "clientBits=" + clientBits : "");
    }

    /** What our server answers to this offer. */
    Set<String> ofOurServer() {
        int server = Math.min(serverBits > 0 ? serverBits : MAX_BITS, ours.outgoingBits());
        int client = Math.min(clientBits > NO_VALUE ? clientBits : MAX_BITS, ours.incomingBits());
        return parameters(
                serverNoContext || !ours.outgoingContext(),
                clientNoContext || !ours.incomingContext(),
                serverBits > 0 || server < MAX_BITS ? server : 0,
                // RFC 7692 7.1.2.2: only if the offer names it
                clientBits > 0 && client < MAX_BITS ? client : 0);
    }

    /** What their server answers to our offer: what either wants less of. */
    Set<String> ofTheirServer() {
        int server = Math.min(serverBits > 0 ? serverBits : MAX_BITS, ours.incomingBits());
        int client = Math.min(clientBits > NO_VALUE ? clientBits : MAX_BITS, ours.outgoingBits());
        return parameters(
                serverNoContext || !ours.incomingContext(), clientNoContext || !ours.outgoingContext(), server, client);
    }

    private static Set<String> parameters(boolean serverNo, boolean clientNo, int server, int client) {
        Set<String> parameters = new TreeSet<>(Set.of("permessage-deflate"));
        if (serverNo) {
            parameters.add("server_no_context_takeover");
        }
        if (clientNo) {
            parameters.add("client_no_context_takeover");
        }
        if (server > 0) {
            parameters.add("server_max_window_bits=" + server);
        }
        if (client > 0) {
            parameters.add("client_max_window_bits=" + client);
        }
        return parameters;
    }

    /** What a response names, in no order. */
    static Set<String> parameters(String response) {
        return Arrays.stream(response.split(";", -1)).map(String::strip).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a response means, where a window of 15 bits may be named or not. */
    static Set<String> meaning(Set<String> parameters) {
        Set<String> meaning = new LinkedHashSet<>(parameters);
        meaning.removeIf(parameter -> parameter.endsWith("_bits=" + MAX_BITS));
        return meaning;
    }
}
