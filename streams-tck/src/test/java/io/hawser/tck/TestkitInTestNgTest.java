// SPDX-License-Identifier: Apache-2.0

package io.hawser.tck;

import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.testkit.HawserTest;
import org.testng.annotations.Test;

/** The testkit in a test of TestNG, which is here for the TCK. */
public class TestkitInTestNgTest {
    private static HawserTest greeter() {
        return HawserTest.of(WebSocketHandler.each(name -> TextMessage.of("Hello " + name.text() + "!")));
    }

    @Test
    public void meetsWhatIsExpected() {
        try (HawserTest test = greeter()) {
            test.webSocket("/greeter").send("Peter").expectText("Hello Peter!").complete().expectClosed(1000);
        }
    }

    @Test(
            expectedExceptions = AssertionError.class,
            expectedExceptionsMessageRegExp = "(?s)expected the text \"Hello Paul!\"\nbut the text \"Hello Peter!\" came\n.*")
    public void failsWithWhatCameInstead() {
        try (HawserTest test = greeter()) {
            test.webSocket("/greeter").send("Peter").expectText("Hello Paul!");
        }
    }
}
