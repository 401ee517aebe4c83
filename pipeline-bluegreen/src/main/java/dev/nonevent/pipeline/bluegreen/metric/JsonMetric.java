package dev.nonevent.pipeline.bluegreen.metric;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.nonevent.pipeline.bluegreen.judge.MetricSource;
import dev.nonevent.pipeline.bluegreen.judge.Reading;
import dev.nonevent.pipeline.bluegreen.judge.Subject;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * A number in a JSON document that is got over HTTP.
 *
 * <pre>{@code
 * JsonMetric.at(URI.create("https://shop.example.org/stats")).parameter("of", "{deployment}").pointer("/orders/failed")
 * }</pre>
 *
 * <p>What is not there, is no number, or comes with another status than 200 is unknown, never a value. Immutable.
 */
public final class JsonMetric {

    private final URI address;
    private final Map<String, String> parameters;
    private final Optional<Bearer> bearer;

    private JsonMetric(URI address, Map<String, String> parameters, Optional<Bearer> bearer) {
        this.address = address;
        this.parameters = parameters;
        this.bearer = bearer;
    }

    public static JsonMetric at(URI address) {
        return new JsonMetric(address, Map.of(), Optional.empty());
    }

    /** Sends a token; the value is looked up each time. Needs https, except on this machine. */
    public JsonMetric bearer(Secret token, SecretSource values) {
        return new JsonMetric(address, parameters, Optional.of(new Bearer(token, values)));
    }

    /** Adds to the query of the address; see {@link Subject#fill} for what is filled in. */
    public JsonMetric parameter(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new JsonMetric(address, more, bearer);
    }

    /** @param pointer where the number is (RFC 6901): {@code /orders/failed} */
    public MetricSource pointer(String pointer) {
        return new Pointed(new HttpJson(address, bearer), parameters, pointer);
    }

    private record Pointed(HttpJson server, Map<String, String> parameters, String pointer) implements MetricSource {

        @Override
        public String description() {
            return server.place() + " " + Words.clean(pointer);
        }

        @Override
        public List<String> problems() {
            List<String> problems = new ArrayList<>(server.problems());
            if (!pointer.startsWith("/")) {
                problems.add("\"" + pointer + "\" points at no number in a JSON document; say one like /orders/failed");
            }
            return problems;
        }

        @Override
        public Reading read(Subject subject) throws InterruptedException {
            Optional<HttpUrl> url = server.url();
            if (url.isEmpty() || !pointer.startsWith("/")) {
                return new Reading.Unknown("cannot be asked");
            }
            HttpUrl.Builder asked = url.get().newBuilder();
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                Optional<String> filled = subject.fill(parameter.getValue());
                if (filled.isEmpty()) {
                    return new Reading.Unknown("cannot be asked about " + Words.clean(subject.version()));
                }
                asked.addQueryParameter(parameter.getKey(), filled.get());
            }
            return server.ask(asked.build(), this::reading);
        }

        private Reading reading(int status, JsonNode answer) {
            if (status != 200) {
                return new Reading.Unknown("answered " + status);
            }
            JsonNode found = answer.at(JsonPointer.compile(pointer));
            if (found.isMissingNode()) {
                return new Reading.Unknown("has nothing there");
            }
            return found.isNumber()
                    ? Reading.of(found.doubleValue())
                    : new Reading.Unknown("is no number but " + Words.clean(found.toString()));
        }
    }
}
