// SPDX-License-Identifier: Apache-2.0

/** Hawser with other people's clients and servers, each as its users run it. */
package io.hawser.conformance.interop;
