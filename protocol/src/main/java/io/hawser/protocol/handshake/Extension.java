// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An extension with its parameters, as it is offered or agreed on (RFC 6455, 9.1).
 *
 * @param name a token
 * @param parameters in order; names may repeat, which is for the extension to judge
 */
public record Extension(String name, List<Parameter> parameters) {
    /** Checks the name and copies the list. */
    public Extension {
        Tokens.requireToken(name, "extension");
        parameters = List.copyOf(parameters);
    }

    /**
     * A parameter.
     *
     * @param name a token
     * @param value a token, or empty if the parameter has none
     */
    public record Parameter(String name, String value) {
        /** Checks name and value. */
        public Parameter {
            Tokens.requireToken(name, "extension parameter");
            if (!value.isEmpty()) {
                Tokens.requireToken(value, "extension parameter value");
            }
        }

        @Override
        public String toString() {
            return value.isEmpty() ? name : name + "=" + value;
        }
    }

    /** The extension as it stands in a header. */
    @Override
    public String toString() {
        return parameters.stream().map(p -> "; " + p).collect(Collectors.joining("", name, ""));
    }
}
