// SPDX-License-Identifier: Apache-2.0

/** What the verifications of all packages share. They themselves stand in the package of what they verify. */
package io.hawser.tck;
