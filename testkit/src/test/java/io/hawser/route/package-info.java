// SPDX-License-Identifier: Apache-2.0

/** Tests of routes in memory, by the requests that they get. */
package io.hawser.route;
