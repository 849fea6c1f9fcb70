// SPDX-License-Identifier: Apache-2.0
/** Holds the launcher script to what it promises, with fake JDKs and a fake Maven. */
package io.hawser.conformance.launcher;
