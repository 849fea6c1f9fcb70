// SPDX-License-Identifier: Apache-2.0

/** Server and client over TLS, and certificates for it; used by the tests of other modules as well. */
package io.hawser.tls;
