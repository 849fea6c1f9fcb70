// SPDX-License-Identifier: Apache-2.0

/** A client that sends and reads raw bytes over a plain socket; for the suites that send what no client should. */
package io.hawser.conformance.raw;
