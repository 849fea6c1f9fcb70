// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Limits;
import io.hawser.protocol.Role;
import io.hawser.protocol.testing.BufferKind;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.Hex;
import io.hawser.protocol.testing.RandomStream;
import io.hawser.protocol.testing.ReferenceDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The engine agrees with a naive decoder on random streams, however they are cut and whenever demand comes. */
class ReferenceComparisonTest {
    private static final int STREAMS = 120_000;
    private static final List<Pieces> PIECES = List.of(Pieces.values());
    private static final List<BufferKind> KINDS = List.of(BufferKind.values());

    @Test
    void agreesWithTheReferenceOnRandomStreams() {
        int broken = 0;
        for (long seed = 0; seed < STREAMS; seed++) {
            broken += agrees(seed) ? 0 : 1;
        }
        if (broken < STREAMS / 5 || broken > STREAMS / 5 * 4) {
            throw new AssertionError("the streams are not a good mixture: " + broken + " are broken");
        }
    }

    /** Returns whether the stream was valid. */
    private static boolean agrees(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Role role = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
        Pieces pieces = PIECES.get(random.nextInt(PIECES.size()));
        Limits limits = random.nextInt(4) > 0
                ? Limits.DEFAULT.withFragments(6)
                : Limits.DEFAULT.withFrameBytes(60).withMessageBytes(100).withFragments(2);
        byte[] stream = RandomStream.to(role, random);
        ReferenceDecoder reference = new ReferenceDecoder(
                        role, pieces == Pieces.MESSAGES, limits.frameBytes(), limits.messageBytes(), limits.fragments())
                .decode(stream);
        List<String> told;
        List<String> answers;
        try {
            EngineProbe probe = new EngineProbe(role, EngineSettings.DEFAULT.withLimits(limits), pieces);
            feed(probe, stream, pieces, random);
            told = probe.told();
            answers = answers(probe);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", " + role + ", " + pieces + ": " + Hex.hex(stream), e);
        }
        if (!told.equals(reference.told()) || !answers.equals(reference.answers())) {
            throw new AssertionError("seed " + seed + ", " + role + ", " + pieces + ": " + Hex.hex(stream)
                    + "\nreference: " + reference.told() + " answers " + reference.answers()
                    + "\nengine:    " + told + " answers " + answers);
        }
        return !told.getLast().contains("local");
    }

    private static void feed(EngineProbe probe, byte[] stream, Pieces pieces, SplittableRandom random) {
        if (pieces == Pieces.CHUNKS && random.nextBoolean()) {
            probe.takesOfChunk(remaining -> random.nextInt(remaining + 1));
        }
        probe.setCaughtUp(random.nextInt(4) > 0);
        if (random.nextBoolean()) {
            probe.request(random.nextInt(1, 4));
        }
        BufferKind kind = KINDS.get(random.nextInt(KINDS.size()));
        int largest = random.nextBoolean() ? 8 : 1 + stream.length;
        int index = 0;
        while (index < stream.length) {
            int end = Math.min(stream.length, index + random.nextInt(largest + 1));
            probe.receive(kind.of(stream, index, end));
            index = end;
            while (probe.engine.isHeldBack() && random.nextInt(5) > 0) {
                probe.request(random.nextInt(1, 4));
            }
        }
        while (probe.engine.isHeldBack()) {
            probe.request(random.nextInt(1, 4));
        }
        probe.receiveEnd();
        probe.engine.caughtUp(probe.now());
    }

    private static List<String> answers(EngineProbe probe) {
        List<String> answers = new ArrayList<>();
        for (String frame : probe.sent()) {
            String payload = frame.substring(frame.indexOf(" fin") + 4).strip();
            if (frame.startsWith("PONG")) {
                answers.add("pong " + payload);
            } else {
                String code = payload.isEmpty()
                        ? ""
                        : Integer.toString(Integer.parseInt(payload.substring(0, 5).replace(" ", ""), 16));
                answers.add("close " + code);
            }
        }
        return answers;
    }
}
