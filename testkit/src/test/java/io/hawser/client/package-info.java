// SPDX-License-Identifier: Apache-2.0

/** Tests of clients in memory, on a virtual clock: of all that takes time and needs no socket. */
package io.hawser.client;
