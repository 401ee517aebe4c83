package dev.nonevent.pipeline.bluegreen.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.judge.Reading;
import dev.nonevent.pipeline.bluegreen.judge.Subject;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class JsonMetricTest {

    private static final Subject SUBJECT = new Subject("shop-2", "v2", "shop-1");

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
    void theNumberPointedAtIsTheValue() throws Exception {
        server.says(200, "{\"orders\":{\"failed\":0.75,\"all\":[3,4]}}");

        assertThat(read("/orders/failed")).isEqualTo(new Reading.Value(0.75));
        assertThat(read("/orders/all/1")).isEqualTo(new Reading.Value(4));
    }

    @Test
    void parametersAreAddedToTheQueryAndFilledIn() throws Exception {
        server.says(200, "{\"n\":1}");

        JsonMetric.at(server.address("/stats?window=1m"))
                .parameter("of", "{deployment} & more")
                .pointer("/n")
                .read(SUBJECT);

        assertThat(server.asked.get(0).path()).isEqualTo("/stats");
        assertThat(server.asked.get(0).query()).isEqualTo("window=1m&of=shop-2 & more");
    }

    @Test
    void whatIsNotThereOrIsNoNumberIsUnknown() throws Exception {
        server.says(200, "{\"a\":null,\"b\":\"0\",\"c\":{},\"d\":1e999}");

        assertThat(read("/x")).isEqualTo(new Reading.Unknown("has nothing there"));
        assertThat(read("/a")).isEqualTo(new Reading.Unknown("is no number but null"));
        assertThat(read("/b")).isEqualTo(new Reading.Unknown("is no number but \"0\""));
        assertThat(read("/c")).isEqualTo(new Reading.Unknown("is no number but {}"));
        assertThat(read("/d")).isEqualTo(new Reading.Unknown("answered Infinity"));
    }

    @Test
    void aDocumentThatSaysTheSameThingTwiceOrGoesOnIsNoJson() throws Exception {
        server.says(200, "{\"n\":0,\"n\":9}");
        assertThat(read("/n")).isEqualTo(new Reading.Unknown("answered something that is no JSON"));

        server.says(200, "{\"n\":0}{\"n\":9}");
        assertThat(read("/n")).isEqualTo(new Reading.Unknown("answered something that is no JSON"));
    }

    @Test
    void aDocumentWithAnotherStatusIsUnknown() throws Exception {
        server.says(500, "{\"n\":0}");

        assertThat(read("/n")).isEqualTo(new Reading.Unknown("answered 500"));
    }

    @Test
    void aPointerThatPointsNowhereIsAProblemAndNotAsked() throws Exception {
        assertThat(JsonMetric.at(server.address("/")).pointer("n").problems())
                .containsExactly("\"n\" points at no number in a JSON document; say one like /orders/failed");
        assertThat(read("n")).isEqualTo(new Reading.Unknown("cannot be asked"));
        assertThat(server.asked).isEmpty();
    }

    @Test
    void thePlanSaysThePlaceWithoutTheQuery() {
        assertThat(JsonMetric.at(URI.create("https://shop.example.org/stats?key=s3cret"))
                        .pointer("/n")
                        .description())
                .isEqualTo("https://shop.example.org/stats /n");
    }

    private Reading read(String pointer) throws InterruptedException {
        return JsonMetric.at(server.address("/")).pointer(pointer).read(SUBJECT);
    }
}
