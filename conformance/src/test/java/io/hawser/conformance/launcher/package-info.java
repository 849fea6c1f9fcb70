// SPDX-License-Identifier: Apache-2.0
/** Holds the launcher script and the gate's to what they promise, with fake JDKs and a fake Maven. */
package io.hawser.conformance.launcher;
