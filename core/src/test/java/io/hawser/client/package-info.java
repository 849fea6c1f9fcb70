// SPDX-License-Identifier: Apache-2.0

@NullMarked
package io.hawser.client;

import org.jspecify.annotations.NullMarked;
