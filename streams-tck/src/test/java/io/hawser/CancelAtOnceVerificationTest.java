// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** Who wants nothing of a message. */
public final class CancelAtOnceVerificationTest extends FlowSubscriberBlackboxVerification<String> {
    public CancelAtOnceVerificationTest() {
        super(Patience.environment());
    }

    @Override
    public Flow.Subscriber<String> createFlowSubscriber() {
        return new CancelAtOnce<>();
    }

    @Override
    public String createElement(int element) {
        return Integer.toString(element);
    }

    // 2.1 binds who wants to receive; this one's whole point is to ask for nothing.

    @Override
    public void required_spec201_blackbox_mustSignalDemandViaSubscriptionRequest() throws Throwable {
        notVerified(); // it cancels instead
    }

    @Override
    public void required_spec209_blackbox_mustBePreparedToReceiveAnOnCompleteSignalWithPrecedingRequestCall()
            throws Throwable {
        notVerified(); // it asks for nothing
    }

    @Override
    public void required_spec210_blackbox_mustBePreparedToReceiveAnOnErrorSignalWithPrecedingRequestCall()
            throws Throwable {
        notVerified(); // it asks for nothing
    }
}
