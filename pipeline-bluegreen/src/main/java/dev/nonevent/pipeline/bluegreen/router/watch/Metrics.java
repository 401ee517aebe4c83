package dev.nonevent.pipeline.bluegreen.router.watch;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Figures;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Refused;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What a router knows of itself, as metrics. Label {@code version} is the deployment. */
final class Metrics {

    private static final double NANOS_OF_A_SECOND = 1e9;
    private static final double MICROS_OF_A_SECOND = 1e6;

    private final House house;
    private final List<Figures> figures;

    private Metrics(House house) {
        this.house = house;
        this.figures = house.figures();
    }

    static MetricSnapshots of(House house) {
        Metrics metrics = new Metrics(house);
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        metrics.ofDeployments().forEach(all::metricSnapshot);
        metrics.ofTheRouter().forEach(all::metricSnapshot);
        return all.build();
    }

    private List<MetricSnapshot> ofDeployments() {
        return List.of(
                requests(),
                perDeployment(
                        "nonevent_requests_failed",
                        "Requests with no answer from the instance, or one of 500 to 599.",
                        each -> each.counts().failed()),
                perDeployment(
                        "nonevent_requests_replayed",
                        "Failed requests that another deployment answered, so that no user saw them.",
                        each -> each.counts().replayed()),
                perDeployment("nonevent_requests_cut", "Requests that draining could not wait for.", Figures::cut),
                inFlight(),
                durations());
    }

    private List<MetricSnapshot> ofTheRouter() {
        return List.of(
                refused(),
                trusted(),
                counter("nonevent_switches", "Changes of the routing since the router was started.", house.switches()),
                counter(
                        "nonevent_connections_turned_away",
                        "Connections of clients there was no room for.",
                        house.connectionsTurnedAway()),
                counter(
                        "nonevent_access_log_lines_dropped",
                        "Lines that the access log could not take.",
                        house.unlogged()),
                gauge(
                        "nonevent_route_generation",
                        "Grows with every change of the route, over restarts.",
                        house.route().generation()),
                gauge(
                        "nonevent_route_fence",
                        "The highest fence seen.",
                        house.route().fence()),
                gauge("nonevent_requests_held", "Requests that wait for the traffic to be opened.", house.held()),
                gauge("nonevent_connections_open", "Connections of clients.", house.connections()));
    }

    private CounterSnapshot requests() {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("nonevent_requests")
                .help("Requests that a deployment answered or failed, by the first digit of the status.");
        for (Figures each : figures) {
            for (int digit = 0; digit < each.ofClass().size(); digit++) {
                long count = each.ofClass().get(digit);
                if (count > 0) {
                    Labels labels = labels(each).add("code", digit == 0 ? "none" : digit + "xx");
                    counter.dataPoint(dataPoint(labels, count));
                }
            }
        }
        return counter.build();
    }

    private CounterSnapshot perDeployment(String name, String help, ToLongFunction<Figures> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        figures.forEach(each -> counter.dataPoint(dataPoint(labels(each), value.applyAsLong(each))));
        return counter.build();
    }

    private GaugeSnapshot inFlight() {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("nonevent_requests_in_flight")
                .help("Requests that a deployment has and has not answered.");
        figures.forEach(each -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels(each))
                .value((double) each.counts().inFlight())
                .build()));
        return gauge.build();
    }

    private HistogramSnapshot durations() {
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name("nonevent_request_duration_seconds")
                .unit(Unit.SECONDS)
                .help("From the head of a request to the end of the instance's answer.");
        figures.forEach(each -> histogram.dataPoint(HistogramDataPointSnapshot.builder()
                .labels(labels(each))
                .classicHistogramBuckets(buckets(each))
                .sum(each.answering() / NANOS_OF_A_SECOND)
                .build()));
        return histogram.build();
    }

    private static ClassicHistogramBuckets buckets(Figures each) {
        List<Double> bounds = new ArrayList<>();
        Figures.BOUNDS.forEach(micros -> bounds.add(micros / MICROS_OF_A_SECOND));
        bounds.add(Double.POSITIVE_INFINITY);
        return ClassicHistogramBuckets.of(bounds, each.answeredWithin());
    }

    private CounterSnapshot refused() {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("nonevent_requests_refused")
                .help("Requests that the router answered itself, by the reason.");
        for (Map.Entry<Refused, Long> refused : house.refused().entrySet()) {
            Labels labels = application().add("reason", refused.getKey().word());
            counter.dataPoint(dataPoint(labels, refused.getValue()));
        }
        return counter.build();
    }

    private GaugeSnapshot trusted() {
        Map<Labels, Boolean> answers = new LinkedHashMap<>();
        // a deployment that is in the route with two addresses is trusted with both or not
        house.trusted()
                .forEach((target, known) ->
                        answers.merge(labels(target.colour(), target.deployment()), known, Boolean::logicalAnd));
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("nonevent_router_target_trusted")
                .help(
                        "1 if a deployment in the route was put there by a switch or has taken a connection since the router"
                                + " came back; 0 if nobody knows yet.");
        answers.forEach((labels, known) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(known ? 1 : 0)
                .build()));
        return gauge.build();
    }

    private CounterSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(dataPoint(application(), value))
                .build();
    }

    private GaugeSnapshot gauge(String name, String help, long value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(application())
                        .value((double) value)
                        .build())
                .build();
    }

    private static CounterDataPointSnapshot dataPoint(Labels labels, long value) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }

    private Labels application() {
        return Labels.of("app", house.application());
    }

    private Labels labels(Figures each) {
        Counts counts = each.counts();
        return labels(counts.colour(), counts.deployment());
    }

    private Labels labels(Colour colour, String deployment) {
        return Labels.of("app", house.application(), "colour", colour.toString(), "version", deployment);
    }
}
