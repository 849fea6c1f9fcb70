// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.WebSocketOptions;
import io.hawser.http.HeadLimits;
import io.hawser.http.HttpSettings;
import io.hawser.http.HttpTimes;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.handshake.OriginCheck;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Needs a socket: what is tested listens on one. */
@Timeout(60)
class NettyServerTest {
    /** More than fits into a count of nanoseconds, which is found out when the server listens already. */
    private static final Duration TOO_LONG = Duration.ofDays(200_000);

    /** Once in several attempts at the most, since another test may take a port that is free for a moment. */
    @Test
    void listensNoMoreWhereItCannotStart() throws Exception {
        boolean freed = false;
        for (int attempt = 0; attempt < 5 && !freed; attempt++) {
            freed = freesItsPort();
        }
        assertThat(freed).as("the address is free again").isTrue();
    }

    private static boolean freesItsPort() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
            address = new InetSocketAddress(loopback, free.getLocalPort());
        }
        HttpSettings settings = new HttpSettings(
                request -> Response.text(404, "nothing here"),
                WebSocketOptions.defaults(),
                new PermessageDeflate.Memory(1 << 20),
                new OriginCheck(Set.of()),
                new HeadLimits(8192, 16_384, 100),
                1 << 20,
                true,
                new HttpTimes(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60)),
                Optional.empty(),
                Transport.AUTO,
                1,
                TOO_LONG);
        if (!(catchThrowable(() -> NettyServer.start(address, settings)) instanceof ArithmeticException)) {
            return false;
        }
        try (ServerSocket again = new ServerSocket(address.getPort(), 1, loopback)) {
            return again.isBound();
        } catch (BindException e) {
            return false;
        }
    }
}
