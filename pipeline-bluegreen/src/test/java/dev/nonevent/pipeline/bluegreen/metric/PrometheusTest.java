package dev.nonevent.pipeline.bluegreen.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.MetricSource;
import dev.nonevent.pipeline.bluegreen.judge.Reading;
import dev.nonevent.pipeline.bluegreen.judge.Subject;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PrometheusTest {

    private static final Subject SUBJECT = new Subject("shop-2", "v2", "shop-1");
    private static final Secret TOKEN = new Secret("prometheus-token");

    private MetricServer server;

    @BeforeEach
    void start() throws Exception {
        server = new MetricServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void oneSeriesIsAValue() throws Exception {
        server.says(200, vector("[1435781451.781,\"0.25\"]"));

        assertThat(read("sum(rate(failed{deployment=\"{deployment}\"}[1m]))")).isEqualTo(new Reading.Value(0.25));
        assertThat(server.asked)
                .containsExactly(new MetricServer.Question(
                        "/api/v1/query",
                        "query=sum(rate(failed{deployment=\"shop-2\"}[1m]))&timeout=4s",
                        Optional.empty()));
    }

    @Test
    void aScalarIsAValueAndAServerBehindAPathIsAskedThere() throws Exception {
        server.says(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"7\"]}}");

        MetricSource source =
                Prometheus.at(server.address("/tools/prometheus/")).query("scalar(up)");

        assertThat(source.read(SUBJECT)).isEqualTo(new Reading.Value(7));
        assertThat(server.asked.get(0).path()).isEqualTo("/tools/prometheus/api/v1/query");
    }

    @Test
    void noSeriesAndSeveralAreUnknown() throws Exception {
        server.says(200, vector());
        assertThat(read("up")).isEqualTo(new Reading.Unknown("found no series"));

        server.says(200, vector("[1,\"1\"]", "[1,\"2\"]"));
        assertThat(read("up"))
                .isEqualTo(new Reading.Unknown("found 2 series where one is needed; say sum(…), avg(…) or max(…)"));
    }

    @Test
    void whatIsNoFiniteNumberIsUnknown() throws Exception {
        server.says(200, vector("[1,\"NaN\"]"));
        assertThat(read("0/0")).isEqualTo(new Reading.Unknown("answered NaN"));

        server.says(200, vector("[1,\"+Inf\"]"));
        assertThat(read("1/0")).isEqualTo(new Reading.Unknown("answered +Inf"));

        server.says(200, vector("[1]"));
        assertThat(read("up")).isEqualTo(new Reading.Unknown("answered no number"));

        server.says(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}");
        assertThat(read("up[5m]")).isEqualTo(new Reading.Unknown("answered with neither a vector nor a scalar"));
    }

    @Test
    void anAnswerWithDataMissingIsUnknown() throws Exception {
        server.says(200, vector("[1,\"0\"]").replace("{\"status\"", "{\"warnings\":[\"no store matched\"],\"status\""));

        assertThat(read("up")).isEqualTo(new Reading.Unknown("answered with a warning: no store matched"));
    }

    @Test
    void anErrorIsUnknownInItsOwnWords() throws Exception {
        server.says(400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse\\nerror\"}");
        assertThat(read("su m")).isEqualTo(new Reading.Unknown("answered 400: parse error"));

        server.says(503, "<html>busy</html>");
        assertThat(read("up")).isEqualTo(new Reading.Unknown("answered 503"));

        server.says(200, "<html>please log in</html>");
        assertThat(read("up")).isEqualTo(new Reading.Unknown("answered something that is no JSON"));

        server.says(200, "");
        assertThat(read("up")).isEqualTo(new Reading.Unknown("answered 200: not what Prometheus says"));
    }

    @Test
    void anAnswerWithoutEndIsUnknown() throws Exception {
        server.says(200, vector("[1,\"1\"]") + " ".repeat(1024 * 1024));

        assertThat(read("up")).isEqualTo(new Reading.Unknown("answered with more than 1 MiB"));
    }

    @Test
    void nobodyThereIsUnknown() throws Exception {
        URI gone = server.address("");
        server.close();

        Reading reading = Prometheus.at(gone).query("up").read(SUBJECT);

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Unknown.class,
                        unknown -> assertThat(unknown.why()).startsWith("cannot be asked: "));
    }

    @Test
    void aServerThatDoesNotAnswerIsUnknownAndMayBeInterrupted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MetricSource source = Prometheus.at(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
                    .query("up");
            assertThat(source.read(SUBJECT)).isEqualTo(new Reading.Unknown("did not answer within 5 s"));

            CompletableFuture<Reading> answer = new CompletableFuture<>();
            Thread asking = new Thread(() -> {
                try {
                    answer.complete(source.read(SUBJECT));
                } catch (InterruptedException e) {
                    answer.completeExceptionally(e);
                }
            });
            asking.start();
            asking.interrupt();

            assertThatThrownBy(() -> answer.get(4, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void theTokenIsSentAndNeverFollowsARedirect() throws Exception {
        try (MetricServer elsewhere = new MetricServer()) {
            server.says(302, "");
            server.location = Optional.of(elsewhere.address("/").toString());

            Reading reading = withToken("s3cret").read(SUBJECT);

            assertThat(reading).isEqualTo(new Reading.Unknown("answered 302: not what Prometheus says"));
            assertThat(server.asked.get(0).authorization()).contains("Bearer s3cret");
            assertThat(elsewhere.asked).isEmpty();
        }
    }

    @Test
    void aTokenThatIsMissingOrNoneIsUnknownAndNotPrinted() throws Exception {
        Reading missing = Prometheus.at(server.address(""))
                .bearer(TOKEN, SecretSource.environment(Map.of()))
                .query("up")
                .read(SUBJECT);
        Reading broken = withToken("two\nlines").read(SUBJECT);

        assertThat(missing)
                .isEqualTo(broken)
                .isEqualTo(new Reading.Unknown("cannot be asked: its token ***prometheus-token*** is missing or is none"
                        + " (looked in environment variable PROMETHEUS_TOKEN)"));
        assertThat(server.asked).isEmpty();
    }

    @Test
    void thePlanRefusesWhatCannotWorkOrWouldTellASecret() {
        assertThat(problems("ftp://prometheus")).singleElement().asString().contains("say http:// or https://");
        assertThat(problems("https://me:s3cret@prometheus"))
                .singleElement()
                .asString()
                .contains("holds a name or password")
                .doesNotContain("s3cret");
        assertThat(problems("http://prometheus:9090")).isEmpty();
        assertThat(problemsWithAToken("http://prometheus:9090"))
                .containsExactly("a token would go to http://prometheus:9090 for all to read; say https://");
        assertThat(problemsWithAToken("http://127.0.0.1.example.org")).hasSize(1);
        assertThat(problemsWithAToken("http://127.0.0.1:9090")).isEmpty();
        assertThat(problemsWithAToken("http://[::1]:9090")).isEmpty();
        assertThat(problemsWithAToken("https://prometheus")).isEmpty();
        assertThat(Prometheus.at(URI.create("http://prometheus")).query(" ").problems())
                .hasSize(1);
    }

    @Test
    void thePlanSaysTheQueryAndTheLimit() {
        Judge judge = Judge.metric(
                        Prometheus.at(URI.create("http://prometheus:9090")).query("sum(x)"))
                .atMost(0.5);

        assertThat(judge.description()).isEqualTo("prometheus sum(x) at most 0.5");
    }

    @Test
    void aVersionThatCouldChangeTheQueryIsNotAskedAbout() throws Exception {
        Reading reading = Prometheus.at(server.address(""))
                .query("x{v=\"{version}\"}")
                .read(new Subject("shop-2", "v2\"}", "shop-1"));

        assertThat(reading).isEqualTo(new Reading.Unknown("cannot be asked about v2\"}"));
        assertThat(server.asked).isEmpty();
    }

    private Reading read(String query) throws InterruptedException {
        return Prometheus.at(server.address("")).query(query).read(SUBJECT);
    }

    private MetricSource withToken(String token) {
        return Prometheus.at(server.address(""))
                .bearer(TOKEN, SecretSource.environment(Map.of("PROMETHEUS_TOKEN", token)))
                .query("up");
    }

    private static List<String> problems(String address) {
        return Prometheus.at(URI.create(address)).query("up").problems();
    }

    private static List<String> problemsWithAToken(String address) {
        return Prometheus.at(URI.create(address))
                .bearer(TOKEN, SecretSource.environment(Map.of()))
                .query("up")
                .problems();
    }

    private static String vector(String... values) {
        StringBuilder series = new StringBuilder();
        for (String value : values) {
            series.append(series.isEmpty() ? "" : ",").append("{\"metric\":{},\"value\":" + value + "}");
        }
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + series + "]}}";
    }
}
