// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.WebSocketHandler;
import java.time.Duration;

/** A test that needs nothing but the testkit; prints the failure that it is made for. */
final class PlainMain {
    private PlainMain() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> message), o -> o.seed(1))) {
            Probe probe = test.webSocket("/").send("Ahoy").expectText("Ahoy").expectNoMessage(Duration.ofHours(1)).send("Ahoi");
            try {
                probe.expectText("Ahoy");
            } catch (AssertionError expected) {
                System.out.println(expected.getMessage());
            }
        }
    }
}
