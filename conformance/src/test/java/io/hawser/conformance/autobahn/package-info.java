// SPDX-License-Identifier: Apache-2.0
/** Holds the demo's echoes, in every face, to the Autobahn suite and to what that suite leaves unchecked. */
package io.hawser.conformance.autobahn;
