// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import io.hawser.tck.Captured;
import io.hawser.tck.Drain;
import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** The demo's greeting, as who subscribes to the name. */
public final class GreetedNameVerificationTest extends FlowSubscriberBlackboxVerification<String> {
    public GreetedNameVerificationTest() {
        super(Patience.environment());
    }

    @Override
    public Flow.Subscriber<String> createFlowSubscriber() {
        Captured<String> name = new Captured<>();
        new Greeting(name).subscribe(new Drain());
        return name.subscriber();
    }

    @Override
    public String createElement(int element) {
        return Integer.toString(element);
    }
}
