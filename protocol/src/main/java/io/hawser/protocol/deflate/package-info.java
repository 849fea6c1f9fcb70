// SPDX-License-Identifier: Apache-2.0

/** The compression of permessage-deflate (RFC 7692, 7.2), and the memory that it takes. Not exported. */
@NullMarked
package io.hawser.protocol.deflate;

import org.jspecify.annotations.NullMarked;
