// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.waiting.Surroundings;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BacklogTest {
    private final Backlog backlog = new Backlog(Surroundings.ofSystem());

    @Test
    void countsWhatIsPostedAndWhatIsTaken() {
        backlog.post(10);
        assertThat(backlog.bytes()).isEqualTo(10);
        backlog.take(10, 7);
        assertThat(backlog.postedBytes()).isZero();
        assertThat(backlog.bytes()).isEqualTo(7);
        backlog.update(2, 0);
        assertThat(backlog.bytes()).isEqualTo(2);
    }

    /** Nobody is waiting yet when the loop wakes all, and the bytes stay. */
    @Test
    void seesAnEndThatComesJustBeforeItWaits() {
        backlog.post(10);
        AtomicBoolean over = new AtomicBoolean();
        backlog.await(0, () -> {
            boolean before = over.getAndSet(true);
            backlog.wakeAll();
            return before;
        }, () -> {});
        assertThat(backlog.bytes()).isEqualTo(10);
    }
}
