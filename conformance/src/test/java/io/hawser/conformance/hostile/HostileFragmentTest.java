// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.Sender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Fragments: too many, in the wrong order, of messages that never end. */
@Timeout(60)
class HostileFragmentTest {
    private static final int PROTOCOL_ERROR = 1002;
    private static final int POLICY_VIOLATION = 1008;
    private static final int FRAGMENTS = 4096;
    private static final int BYTES_PER_FURTHER_FRAGMENT = 64;
    private static final RawFrame NO_END = RawFrame.first(RawFrame.CONTINUATION, "");
    private static final RawFrame END = RawFrame.of(RawFrame.CONTINUATION, "");

    @RegisterExtension
    static final Target target = Target.withDefaults();

    private static byte[] times(int count, RawFrame frame) {
        return RawFrame.join(Collections.nCopies(count, frame).toArray(RawFrame[]::new));
    }

    @Tag("hostile-29")
    @Tag("hostile-32")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.hostile.Face#andLargeCut")
    void takesAsManyEmptyFragmentsAsAllowed(Face face, Cut cut) throws IOException {
        byte[] allowed = RawClient.join(RawFrame.first(RawFrame.TEXT, "").masked(), times(FRAGMENTS - 2, NO_END));
        try (RawClient client = target.open(face)) {
            client.send(cut, RawClient.join(allowed, END.masked(), allowed, END.masked()));
            client.expectEcho(RawFrame.TEXT, new byte[0]);
            client.expectEcho(RawFrame.TEXT, new byte[0]);
            client.closeWith(1000);
        }
        target.app().beginNextCase();
        target.expectFailure(face, cut, POLICY_VIOLATION, 0, allowed, times(2, NO_END));
    }

    /** Each 64 bytes of payload allow one more, and not before they have been announced. */
    @Tag("hostile-29")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.hostile.Face#andLargeCut")
    void takesAFurtherFragmentForEvery64Bytes(Face face, Cut cut) throws IOException {
        String payload = "x".repeat(10 * BYTES_PER_FURTHER_FRAGMENT);
        byte[] allowed = RawClient.join(
                RawFrame.first(RawFrame.BINARY, payload).masked(), times(FRAGMENTS + 10 - 2, NO_END));
        try (RawClient client = target.open(face)) {
            client.send(cut, RawClient.join(allowed, END.masked()));
            client.expectEcho(RawFrame.BINARY, payload.getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
        target.app().beginNextCase();
        target.expectFailure(face, cut, POLICY_VIOLATION, 0, allowed, times(2, NO_END));
    }

    /** The work of n is a count of frames, measured in memory; here they arrive, and 2n do. */
    @Tag("hostile-30")
    @ParameterizedTest
    @EnumSource
    void joinsFragmentsOfOneByte(Face face) throws IOException {
        for (int count : new int[] {2000, 4000}) {
            byte[] fragments = RawClient.join(
                    RawFrame.first(RawFrame.TEXT, "x").masked(),
                    times(count - 2, RawFrame.first(RawFrame.CONTINUATION, "x")),
                    RawFrame.of(RawFrame.CONTINUATION, "x").masked());
            try (RawClient client = target.open(face)) {
                client.send(fragments);
                client.expectEcho(RawFrame.TEXT, "x".repeat(count).getBytes(StandardCharsets.UTF_8));
                client.closeWith(1000);
            }
            target.app().beginNextCase();
        }
    }

    @Tag("hostile-32")
    @ParameterizedTest
    @EnumSource
    void refusesAMillionEmptyContinuationsAtTheLimit(Face face) throws Exception {
        byte[] batch = times(10_000, NO_END);
        try (RawClient client = target.open(face);
                Sender sender = new Sender()) {
            client.send(RawFrame.first(RawFrame.BINARY, ""));
            sender.start(() -> {
                for (int i = 0; i < 100; i++) {
                    client.send(batch);
                }
            });
            // Of 6 MB the server drops 256 KiB, then it closes; what it said before is there to be read.
            RawFrame close = client.read();
            assertThat(close.opcode()).isEqualTo(RawFrame.CLOSE);
            assertThat(close.closeCode()).hasValue(POLICY_VIOLATION);
            assertThat(client.readUntilEndOrReset()).isEmpty();
            sender.expectOver();
        }
        if (face != Face.EACH) {
            assertThat(target.watchUntilOver().delivered()).isZero();
        }
    }

    @Tag("hostile-33")
    @Tag("F7")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.hostile.Face#andCut")
    void refusesFragmentsOutOfOrder(Face face, Cut cut) throws IOException {
        RawFrame first = RawFrame.first(RawFrame.TEXT, "first");
        RawFrame whole = RawFrame.of(RawFrame.TEXT, "whole");
        target.expectFailure(face, cut, PROTOCOL_ERROR, 0, END.masked());
        target.expectFailure(face, cut, PROTOCOL_ERROR, 0, NO_END.masked());
        target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.join(first, first));
        target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.join(first, whole));
        RawFrame binary = RawFrame.of(RawFrame.BINARY, "");
        target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.join(first, NO_END, binary));
        try (RawClient client = target.open(face)) {
            client.send(cut, whole, END);
            client.expectEcho(RawFrame.TEXT, "whole".getBytes(StandardCharsets.UTF_8));
            client.expectFailedWith(PROTOCOL_ERROR);
        }
    }
}
