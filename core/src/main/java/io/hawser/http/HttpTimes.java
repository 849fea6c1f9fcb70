// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import java.time.Duration;

/**
 * How long what of HTTP may take.
 *
 * @param handshake a request's head, and TLS's handshake in front of it; past it the connection is closed
 * @param idle how long nothing may come between requests, past which the connection is closed, or of a body that is waited for: 408
 * @param request an answer, from the end of the request, or from its head where its body is not read to the end; past it 503; zero for ever
 */
public record HttpTimes(Duration handshake, Duration idle, Duration request) {}
