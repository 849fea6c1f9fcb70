// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RoleTest {
    @Test
    @Tag("F8")
    void onlyTheClientMasks() {
        assertThat(Role.CLIENT.masks()).isTrue();
        assertThat(Role.SERVER.masks()).isFalse();
    }
}
