// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.Compression;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.handshake.Extension;
import java.util.List;
import java.util.Optional;

/**
 * What a client offers one server of compression (RFC 7692, 5.1).
 *
 * @param extensions as they stand in the request, the most wanted first
 * @param policy what is wanted of it
 * @param memory what there is for it
 */
public record CompressionOffer(List<Extension> extensions, PermessageDeflate.Policy policy, PermessageDeflate.Memory memory) {
    /** Copies the list. */
    public CompressionOffer {
        extensions = List.copyOf(extensions);
    }

    /** What these options offer, as far as there is memory now; empty if they offer nothing. */
    public static Optional<CompressionOffer> of(Compression options, PermessageDeflate.Memory memory) {
        return options.enabled()
                ? Optional.of(new CompressionOffer(PermessageDeflate.offers(options.policy(), memory), options.policy(), memory))
                : Optional.empty();
    }

    /**
     * What was agreed on, if anything was.
     *
     * @param chosen what the server's response names
     * @throws IllegalArgumentException if that is no answer to this offer
     */
    Optional<PermessageDeflate> agreed(List<Extension> chosen) {
        return PermessageDeflate.agreed(extensions, chosen, policy, memory);
    }
}
