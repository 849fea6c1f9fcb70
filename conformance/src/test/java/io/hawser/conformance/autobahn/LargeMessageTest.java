// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ground of Autobahn's group 9, limits and performance, which stalls under Jython: the same sizes, fragments, chops
 * and round trips. Unlike the suite, which compares lengths, this compares every byte, and cuts text inside its
 * characters.
 */
@Tag("A1")
@Timeout(60)
class LargeMessageTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final int ROUND_TRIPS = 1_000;

    /** Characters of one to four bytes in UTF-8. */
    private static final byte[] SAMPLE = "BAsd7&jh23 κόσμε 漢字 𝄞 ".getBytes(StandardCharsets.UTF_8);

    private static EchoServer server;

    /**
     * How a message is sent.
     *
     * @param suiteCase the case of the suite whose sizes these are
     * @param opcode of the message
     * @param length of the message, in bytes
     * @param fragment bytes of payload in a frame, the last one aside
     * @param chop bytes in a write to the socket, the last one aside
     */
    record Shape(String suiteCase, int opcode, int length, int fragment, int chop) {
        byte[] payload() {
            return opcode == RawFrame.TEXT ? text(length) : binary(length);
        }

        /** The frames of a payload, one behind the other. */
        byte[] frames(byte[] payload) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            int from = 0;
            do {
                int to = Math.min(from + fragment, payload.length);
                boolean fin = to == payload.length;
                int frameOpcode = from == 0 ? opcode : RawFrame.CONTINUATION;
                frames.writeBytes(new RawFrame(fin, 0, frameOpcode, Arrays.copyOfRange(payload, from, to)).masked());
                from = to;
            } while (from < payload.length);
            return frames.toByteArray();
        }

        @Override
        public String toString() {
            return suiteCase + ": " + (opcode == RawFrame.TEXT ? "text" : "binary") + ", " + length + " bytes"
                    + (fragment < length ? " in fragments of " + fragment : "")
                    + (chop < Integer.MAX_VALUE ? " in chops of " + chop : "");
        }
    }

    @BeforeAll
    static void startServer() throws Exception {
        server = EchoServer.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("largeMessages")
    void echoesALargeMessage(DemoFace face, Shape shape) throws Exception {
        byte[] payload = shape.payload();
        byte[] frames = shape.frames(payload);
        // Closed in reverse: an end of the connection also ends a send that is stuck.
        try (ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor();
                RawClient client = RawClient.open(server.port(), face.path())) {
            // The echo may begin before the message has ended, and must be read meanwhile.
            Future<?> sent = sender.submit(() -> {
                client.send(frames, shape.chop());
                return null;
            });
            client.expectEcho(shape.opcode(), payload);
            sent.get();
            client.closeWith(1000);
        } catch (IOException | AssertionError e) {
            throw new AssertionError(face + ", " + shape + ": " + e.getMessage(), e);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("smallMessages")
    void makesRoundTrips(DemoFace face, Shape shape) throws Exception {
        byte[] payload = shape.payload();
        byte[] frames = shape.frames(payload);
        try (RawClient client = RawClient.open(server.port(), face.path())) {
            for (int i = 0; i < ROUND_TRIPS; i++) {
                client.send(frames);
                client.expectEcho(shape.opcode(), payload);
            }
            client.closeWith(1000);
        } catch (IOException | AssertionError e) {
            throw new AssertionError(face + ", " + shape + ": " + e.getMessage(), e);
        }
    }

    private static Stream<Arguments> largeMessages() {
        List<Shape> shapes = Stream.of(
                        // 9.1, 9.2: one frame, growing
                        Stream.of(64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB)
                                .flatMap(length -> both("9.1", "9.2", length, length, Integer.MAX_VALUE)),
                        // 9.3, 9.4: 4 MiB in growing fragments
                        Stream.of(64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB)
                                .flatMap(fragment -> both("9.3", "9.4", 4 * MIB, fragment, Integer.MAX_VALUE)),
                        // 9.5, 9.6: one frame of 1 MiB in growing chops
                        Stream.of(64, 128, 256, 512, KIB, 2 * KIB)
                                .flatMap(chop -> both("9.5", "9.6", MIB, MIB, chop)))
                .flatMap(shape -> shape)
                .toList();
        assertThat(shapes).hasSize(42);
        return inEachFace(shapes);
    }

    private static Stream<Arguments> smallMessages() {
        // 9.7, 9.8: one frame, growing
        return inEachFace(Stream.of(0, 16, 64, 256, KIB, 4 * KIB)
                .flatMap(length -> both("9.7", "9.8", length, Integer.MAX_VALUE, Integer.MAX_VALUE))
                .toList());
    }

    private static Stream<Shape> both(String textCase, String binaryCase, int length, int fragment, int chop) {
        return Stream.of(
                new Shape(textCase, RawFrame.TEXT, length, fragment, chop),
                new Shape(binaryCase, RawFrame.BINARY, length, fragment, chop));
    }

    private static Stream<Arguments> inEachFace(List<Shape> shapes) {
        return Stream.of(DemoFace.values()).flatMap(face -> shapes.stream().map(shape -> Arguments.of(face, shape)));
    }

    /** Text of a length in bytes; what is too short for another whole sample is filled with stars. */
    private static byte[] text(int length) {
        byte[] text = new byte[length];
        Arrays.fill(text, (byte) '*');
        for (int at = 0; at + SAMPLE.length <= length; at += SAMPLE.length) {
            System.arraycopy(SAMPLE, 0, text, at, SAMPLE.length);
        }
        return text;
    }

    /** Bytes that repeat nowhere, the same in every run. */
    private static byte[] binary(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }
}
