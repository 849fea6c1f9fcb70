// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.assertj;

import io.hawser.Response;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a response. */
public final class ResponseAssert extends AbstractAssert<ResponseAssert, @Nullable Response> {
    ResponseAssert(@Nullable Response actual) {
        super(actual, ResponseAssert.class);
    }

    private Response response() {
        isNotNull();
        assert actual != null;
        return actual;
    }

    private String body() {
        return response().bodyText();
    }

    /** The status code. */
    public ResponseAssert hasStatus(int status) {
        HawserAssertions.requireEqual(response().status(), status, "status of a response with the body \"" + body() + '"');
        return this;
    }

    /** The field is there, and this is one of its values; the name's case does not count. */
    public ResponseAssert hasHeader(String name, String value) {
        List<String> values = response().headers().allValues(name);
        if (!values.contains(value)) {
            failWithMessage("expected the header %s: %s, but its values are %s of %s", name, value, values, response().headers().map());
        }
        return this;
    }

    /** The field is not there. */
    public ResponseAssert hasNoHeader(String name) {
        HawserAssertions.requireEqual(response().headers().allValues(name), List.of(), "values of " + name);
        return this;
    }

    /** The body, read as UTF-8. */
    public ResponseAssert hasBody(String text) {
        HawserAssertions.requireEqual(body(), text, "body of a response with the status " + response().status());
        return this;
    }
}
