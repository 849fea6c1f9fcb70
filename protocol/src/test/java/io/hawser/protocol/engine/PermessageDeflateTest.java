// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.Deflated.extension;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.handshake.Extension;
import io.hawser.protocol.testing.Deflated;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server makes of offers, and a client of a response; all in the words of the header. */
@Tag("H2")
class PermessageDeflateTest {
    private static final String NAME = PermessageDeflate.NAME;

    private final Memory memory = new Memory(1 << 20);
    private final Memory none = new Memory(0);

    private static Policy policy(boolean outgoingContext, boolean incomingContext, int outgoingBits, int incomingBits) {
        return new Policy(1, 256, (opcode, payload) -> true, outgoingContext, incomingContext, outgoingBits, incomingBits);
    }

    /** "a; b=1, c" as extensions, each with permessage-deflate's name. */
    private static List<Extension> extensions(String parameters) {
        return Arrays.stream(parameters.split(",", -1))
                .map(one -> extension(Stream.of(one.split(";")).map(String::strip).filter(name -> !name.isEmpty()).toArray(String[]::new)))
                .toList();
    }

    private static String words(Extension extension) {
        return extension.toString().substring(NAME.length()).replaceFirst("^; ", "");
    }

    private static Optional<String> accepted(String offers, Policy policy, Memory memory) {
        return PermessageDeflate.accept(extensions(offers), policy, memory).map(agreed -> words(agreed.response()));
    }

    private PermessageDeflate agreed(String offers, String response) {
        return PermessageDeflate.agreed(extensions(offers), extensions(response), Policy.DEFAULT, memory).orElseThrow();
    }

    // ---- the server's part

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                                   | ''",
        "client_max_window_bits               | ''",
        "client_max_window_bits=15            | ''",
        "client_max_window_bits=10            | client_max_window_bits=10",
        "client_max_window_bits=8             | client_max_window_bits=8",
        "server_max_window_bits=15            | server_max_window_bits=15",
        "server_max_window_bits=9             | server_max_window_bits=9",
        "server_max_window_bits=8             | server_max_window_bits=8",
        "server_no_context_takeover           | server_no_context_takeover",
        "client_no_context_takeover           | client_no_context_takeover",
        "client_max_window_bits=9; server_max_window_bits=14; client_no_context_takeover; server_no_context_takeover"
                + "| server_no_context_takeover; client_no_context_takeover; server_max_window_bits=14; client_max_window_bits=9"
    })
    void grantsWhatIsOffered(String offer, String response) {
        assertThat(accepted(offer, Policy.DEFAULT, memory)).hasValue(response);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                                                | server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11",
        "client_max_window_bits                            | server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11; client_max_window_bits=10",
        "client_max_window_bits=9;server_max_window_bits=8 | server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8; client_max_window_bits=9",
        "client_max_window_bits=12;server_max_window_bits=12 | server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11; client_max_window_bits=10"
    })
    void asksForLessWhereItWantsLess(String offer, String response) {
        assertThat(accepted(offer, policy(false, false, 11, 10), memory)).hasValue(response);
    }

    @ParameterizedTest
    @Tag("hostile-48")
    @ValueSource(strings = {
        "server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=08",
        "server_max_window_bits=+8", "server_max_window_bits=0", "server_max_window_bits=-8", "server_max_window_bits=1e1",
        "server_max_window_bits=99999999999", "server_max_window_bits=015", "client_max_window_bits=7", "client_max_window_bits=16",
        "client_max_window_bits=08", "client_max_window_bits=+8", "server_no_context_takeover=1", "client_no_context_takeover=true",
        "server_no_context_takeover; server_no_context_takeover", "client_no_context_takeover; client_no_context_takeover",
        "server_max_window_bits=10; server_max_window_bits=10", "client_max_window_bits; client_max_window_bits=10", "unknown",
        "unknown=1", "server_max_window_bits=10; SERVER_NO_CONTEXT_TAKEOVER"
    })
    void declinesAnOfferThatIsNotValidAndTakesTheNext(String bad) {
        assertThat(accepted(bad, Policy.DEFAULT, memory)).isEmpty();
        assertThat(accepted(bad + ", client_max_window_bits=12", Policy.DEFAULT, memory)).hasValue("client_max_window_bits=12");
        assertThat(accepted(bad + "," + bad + ", ", Policy.DEFAULT, memory)).hasValue("");
    }

    @Test
    void takesTheFirstOfferThatIsValid() {
        assertThat(accepted("server_max_window_bits=10, server_max_window_bits=12", Policy.DEFAULT, memory)).hasValue("server_max_window_bits=10");
    }

    @Test
    void leavesOtherExtensionsAlone() {
        Extension other = new Extension("permessage-bzip2", List.of());
        assertThat(PermessageDeflate.accept(List.of(other), Policy.DEFAULT, memory)).isEmpty();
        assertThat(PermessageDeflate.accept(List.of(other, extension()), Policy.DEFAULT, memory)).isPresent();
        assertThat(PermessageDeflate.accept(List.of(), Policy.DEFAULT, memory)).isEmpty();
        assertThat(PermessageDeflate.agreed(extensions(""), List.of(other), Policy.DEFAULT, memory)).isEmpty();
    }

    @Test
    @Tag("hostile-50")
    void grantsNoContextWithoutMemory() {
        assertThat(accepted("", Policy.DEFAULT, none)).hasValue("server_no_context_takeover; client_no_context_takeover");
        Memory small = new Memory(4 << 10);
        assertThat(accepted("client_max_window_bits=11", Policy.DEFAULT, small)).hasValue("client_max_window_bits=11");
        assertThat(accepted("client_max_window_bits=12", Policy.DEFAULT, small))
                .hasValue("server_no_context_takeover; client_no_context_takeover; client_max_window_bits=12");
    }

    // ---- the client's part

    private static List<String> offered(Policy policy, Memory memory) {
        return PermessageDeflate.offers(policy, memory).stream().map(PermessageDeflateTest::words).toList();
    }

    @Test
    void offersWhatItWantsAndAFallback() {
        assertThat(offered(Policy.DEFAULT, memory)).containsExactly("client_max_window_bits");
        assertThat(offered(policy(true, false, 15, 15), memory))
                .containsExactly("server_no_context_takeover; client_max_window_bits", "client_max_window_bits");
        assertThat(offered(policy(false, true, 15, 15), memory)).containsExactly("client_no_context_takeover; client_max_window_bits");
        assertThat(offered(policy(true, true, 9, 15), memory)).containsExactly("client_max_window_bits=9");
        assertThat(offered(policy(true, true, 15, 9), memory))
                .containsExactly("server_max_window_bits=9; client_max_window_bits", "client_max_window_bits");
        assertThat(offered(policy(false, false, 10, 9), memory)).containsExactly(
                "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=10",
                "client_no_context_takeover; client_max_window_bits=10");
    }

    @Test
    @Tag("hostile-50")
    void asksForNoContextWithoutMemory() {
        assertThat(offered(Policy.DEFAULT, none)).containsExactly("server_no_context_takeover; client_max_window_bits");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "client_max_window_bits    | ''",
        "client_max_window_bits    | client_max_window_bits=15",
        "client_max_window_bits    | client_max_window_bits=8",
        "client_max_window_bits=10 | client_max_window_bits=10",
        "client_max_window_bits=10 | client_max_window_bits=9",
        "client_max_window_bits=10 | ''",
        "server_max_window_bits=10 | server_max_window_bits=10",
        "server_max_window_bits=10 | server_max_window_bits=8",
        "''                        | server_max_window_bits=12",
        "''                        | server_no_context_takeover",
        "''                        | client_no_context_takeover",
        "server_no_context_takeover| server_no_context_takeover",
        "client_no_context_takeover| ''",
        "server_max_window_bits=9, '' | ''"
    })
    void takesAResponseThatAnswersAnOffer(String offers, String response) {
        assertThat(words(agreed(offers.replace("''", ""), response).response())).isEqualTo(response);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                        | client_max_window_bits=15",
        "''                        | client_max_window_bits=10",
        "client_max_window_bits=10 | client_max_window_bits=11",
        "server_max_window_bits=10 | ''",
        "server_max_window_bits=10 | server_max_window_bits=11",
        "server_no_context_takeover| ''",
        "server_no_context_takeover, server_max_window_bits=9 | ''"
    })
    void refusesAResponseThatAnswersNoOffer(String offers, String response) {
        assertThatIllegalArgumentException().isThrownBy(() -> agreed(offers, response))
                .withMessage("the server chose " + extensions(response).get(0) + ", offered were " + extensions(offers));
    }

    @ParameterizedTest
    @Tag("hostile-48")
    @CsvSource(delimiter = '|', value = {
        "server_max_window_bits      | is not 8 to 15", "server_max_window_bits=7   | is not 8 to 15",
        "server_max_window_bits=16   | is not 8 to 15", "server_max_window_bits=08  | is not 8 to 15",
        "server_max_window_bits=+8   | is not 8 to 15", "client_max_window_bits     | is not 8 to 15",
        "client_max_window_bits=7    | is not 8 to 15", "client_max_window_bits=016 | is not 8 to 15",
        "server_no_context_takeover=1| has a value", "client_no_context_takeover=0  | has a value", "unknown | is not known", "unknown=8 | is not known"
    })
    void failsOnAResponseThatIsNotValid(String bad, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> agreed("client_max_window_bits", bad))
                .withMessage("parameter " + bad + " of " + NAME + "; " + bad + " " + why);
        String good = bad.startsWith("server_max") ? "client_max_window_bits=9" : "server_max_window_bits=9";
        assertThatIllegalArgumentException().isThrownBy(() -> agreed("client_max_window_bits", good + ";" + bad));
    }

    @ParameterizedTest
    @Tag("hostile-48")
    @ValueSource(strings = {"server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits=9", "client_max_window_bits=9"})
    void failsOnAResponseThatNamesSomethingTwice(String parameter) {
        assertThatIllegalArgumentException().isThrownBy(() -> agreed("client_max_window_bits", parameter + ";" + parameter))
                .withMessageContaining("parameter " + parameter).withMessageEndingWith("is there twice");
    }

    @Test
    @Tag("hostile-48")
    void failsOnAResponseThatChoosesItTwice() {
        assertThatIllegalArgumentException().isThrownBy(() -> agreed("", ",")).withMessage("the server chose permessage-deflate twice");
    }

    // ---- the values

    @ParameterizedTest
    @CsvSource({"0,1,15,15,level", "10,1,15,15,level", "1,-1,15,15,thresholdBytes", "1,0,7,15,outgoingWindowBits",
        "1,0,16,15,outgoingWindowBits", "1,0,15,7,incomingWindowBits", "1,0,15,16,incomingWindowBits"})
    void refusesAPolicyOutOfRange(int level, int threshold, int outgoingBits, int incomingBits, String what) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Policy(level, threshold, (opcode, payload) -> true, true, true, outgoingBits, incomingBits))
                .withMessageStartingWith(what + " must");
    }

    @Test
    void refusesLessThanNoMemory() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Memory(-1)).withMessage("maxBytes must not be negative, not -1");
        assertThat(none.maxBytes()).isZero();
        assertThat(Deflated.server(Policy.DEFAULT, memory).deflate()).isNotNull();
        assertThat(memory.usedBytes()).as("by what is only agreed on").isZero();
    }
}
