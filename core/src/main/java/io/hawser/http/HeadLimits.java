// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

/**
 * How large a request's head may be.
 *
 * @param requestLineBytes the first line without its end; past it: 414
 * @param headerBytes all header lines with their ends; past it: 431
 * @param headers how many header lines; past it: 431
 */
public record HeadLimits(int requestLineBytes, int headerBytes, int headers) {}
