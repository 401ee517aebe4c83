package dev.nonevent.pipeline.bluegreen.metric;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nonevent.pipeline.bluegreen.judge.MetricSource;
import dev.nonevent.pipeline.bluegreen.judge.Reading;
import dev.nonevent.pipeline.bluegreen.judge.Subject;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * A Prometheus server, or whatever speaks its HTTP API ({@code GET /api/v1/query}).
 *
 * <pre>{@code
 * Prometheus.at(URI.create("https://prometheus.example.org"))
 *     .query("sum(rate(orders_failed_total{deployment=\"{deployment}\"}[1m]))")
 * }</pre>
 *
 * <p>The query has to come to exactly one number. No series, several, NaN, an infinite one, a warning that data is missing,
 * and every error are unknown, never a value. A query looks back in time: make it ask for one deployment or for a time
 * shorter than the bake, or it sees the release before. Immutable.
 */
public final class Prometheus {

    private final URI address;
    private final Optional<Bearer> bearer;

    private Prometheus(URI address, Optional<Bearer> bearer) {
        this.address = address;
        this.bearer = bearer;
    }

    /** @param address of the server, without {@code /api/v1} */
    public static Prometheus at(URI address) {
        return new Prometheus(address, Optional.empty());
    }

    /** Sends a token; the value is looked up each time. Needs https, except on this machine. */
    public Prometheus bearer(Secret token, SecretSource values) {
        return new Prometheus(address, Optional.of(new Bearer(token, values)));
    }

    /** @param query in PromQL; see {@link Subject#fill} for what is filled in */
    public MetricSource query(String query) {
        return new Query(new HttpJson(address, bearer), query);
    }

    private record Query(HttpJson server, String query) implements MetricSource {

        @Override
        public String description() {
            return "prometheus " + Words.clean(query);
        }

        @Override
        public List<String> problems() {
            List<String> problems = new ArrayList<>(server.problems());
            if (query.isBlank()) {
                problems.add("the query to prometheus at " + server.place() + " is empty");
            }
            return problems;
        }

        @Override
        public Reading read(Subject subject) throws InterruptedException {
            Optional<String> filled = subject.fill(query);
            Optional<HttpUrl> url = server.url();
            if (filled.isEmpty() || url.isEmpty()) {
                return new Reading.Unknown("cannot be asked about " + Words.clean(subject.version()));
            }
            HttpUrl asked = url.get()
                    .newBuilder()
                    .addPathSegments("api/v1/query")
                    .addQueryParameter("query", filled.get())
                    .addQueryParameter("timeout", "4s")
                    .build();
            return server.ask(asked, Query::reading);
        }

        private static Reading reading(int status, JsonNode answer) {
            if (status != 200 || !"success".equals(answer.path("status").asText())) {
                String error = Words.clean(answer.path("error").asText());
                return new Reading.Unknown(
                        "answered " + status + ": " + (error.isEmpty() ? "not what Prometheus says" : error));
            }
            JsonNode warnings = answer.path("warnings");
            if (!warnings.isEmpty()) {
                return new Reading.Unknown("answered with a warning: "
                        + Words.clean(warnings.path(0).asText()));
            }
            JsonNode data = answer.path("data");
            JsonNode result = data.path("result");
            return switch (data.path("resultType").asText()) {
                case "scalar" -> number(result);
                case "vector" -> result.size() == 1 ? number(result.path(0).path("value")) : notOne(result.size());
                default -> new Reading.Unknown("answered with neither a vector nor a scalar");
            };
        }

        private static Reading notOne(int series) {
            return new Reading.Unknown(
                    series == 0
                            ? "found no series"
                            : "found " + series + " series where one is needed; say sum(…), avg(…) or max(…)");
        }

        /** A pair of the time and the number, which is a text. */
        private static Reading number(JsonNode pair) {
            String text = pair.path(1).asText();
            try {
                return Reading.of(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                return new Reading.Unknown("answered " + (text.isEmpty() ? "no number" : Words.clean(text)));
            }
        }
    }
}
