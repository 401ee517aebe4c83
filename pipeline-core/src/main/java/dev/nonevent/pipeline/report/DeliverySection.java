package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.deployment.DeploymentRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** What the delivery of one application is worth: four figures, and a picture of how each deployment went. */
final class DeliverySection {

    private static final int MOST_DOTS = 200;
    private static final int WIDTH = 720;
    private static final int HEIGHT = 180;
    private static final int LEFT = 64;
    private static final int BOTTOM = 28;
    private static final int TOP = 16;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String application;
    private final Supplier<List<DeploymentRecord>> history;

    DeliverySection(String application, Supplier<List<DeploymentRecord>> history) {
        this.application = application;
        this.history = history;
    }

    /** One deployment in the picture. */
    private record Dot(Instant at, Optional<Duration> lead, boolean open, boolean good, String title) {}

    void write(Markup page) {
        page.open("section", "class", "delivery")
                .line()
                .element("h2", "Delivery of " + application)
                .line();
        read(page).ifPresent(records -> {
            figures(page, DeliveryMetrics.of(records));
            picture(page, dots(records));
        });
        page.close().line();
    }

    private Optional<List<DeploymentRecord>> read(Markup page) {
        try {
            return Optional.of(history.get());
        } catch (RuntimeException unreadable) {
            page.element("p", "Its history could not be read: " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static void figures(Markup page, DeliveryMetrics metrics) {
        page.open("dl", "class", "figures").line();
        metrics.text().lines().forEach(line -> {
            // The words of the command line: a label of 17 columns, then what holds.
            int border = Math.min(17, line.length());
            page.open("div").element("dt", line.substring(0, border).strip());
            page.element("dd", line.substring(border).strip()).close().line();
        });
        page.close().line();
    }

    private static List<Dot> dots(List<DeploymentRecord> records) {
        List<Dot> all = records.stream()
                .filter(record -> record.switchedAt().isPresent())
                .map(DeliverySection::dot)
                .sorted(Comparator.comparing(Dot::at))
                .toList();
        return all.subList(Math.max(0, all.size() - MOST_DOTS), all.size());
    }

    private static Dot dot(DeploymentRecord record) {
        Instant at = record.switchedAt().orElse(record.startedAt());
        Optional<Duration> lead = record.release()
                .committedAt()
                .map(committed -> Duration.between(committed, at))
                .filter(it -> !it.isNegative());
        boolean open = record.endedAt().isEmpty();
        String end = open ? "still open" : record.succeeded() ? "stayed" : "taken back";
        String title = record.release().version() + ", " + DAY.format(at) + ", " + end
                + lead.map(it -> ", " + Durations.text(it) + " from commit to users")
                        .orElse("");
        return new Dot(at, lead, open, record.succeeded(), title);
    }

    private static void picture(Markup page, List<Dot> dots) {
        if (dots.size() < 2) {
            return;
        }
        Instant first = dots.get(0).at();
        Duration period = Duration.between(first, dots.get(dots.size() - 1).at());
        Duration longest = dots.stream()
                .flatMap(dot -> dot.lead().stream())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ofMinutes(1));
        page.open("figure")
                .open("div", "class", "scroll", "tabindex", 0, "role", "region", "aria-label", "Deployments");
        page.open(
                "svg",
                "class",
                "plot",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "role",
                "img",
                "aria-label",
                dots.size() + " deployments over time, and how long each took from commit to users");
        axes(page, first, period, longest);
        for (Dot dot : dots) {
            double x = LEFT + 12 + (WIDTH - LEFT - 24) * part(Duration.between(first, dot.at()), period);
            double lead = dot.lead().map(it -> part(it, longest)).orElse(0.0);
            double y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * lead;
            sign(page, dot, x, y);
        }
        page.close().close().open("figcaption");
        page.text("Each deployment that reached users, and how long its commit took to get there: "
                + "● stayed, ○ still open, ✕ taken back.");
        page.close().close().line();
    }

    private static void axes(Markup page, Instant first, Duration period, Duration longest) {
        int floor = HEIGHT - BOTTOM;
        page.empty("path", "class", "axis", "d", "M" + LEFT + " " + TOP + "V" + floor + "H" + WIDTH);
        page.element("text", Durations.text(longest), "x", LEFT - 8, "y", TOP + 6, "text-anchor", "end");
        page.element("text", "0", "x", LEFT - 8, "y", floor, "text-anchor", "end");
        page.element("text", DAY.format(first), "x", LEFT, "y", HEIGHT - 8);
        page.element("text", DAY.format(first.plus(period)), "x", WIDTH, "y", HEIGHT - 8, "text-anchor", "end");
    }

    private static void sign(Markup page, Dot dot, double x, double y) {
        String kind = dot.open() ? "none" : dot.good() ? "good" : "bad";
        page.open("g", "class", "dot " + kind).element("title", dot.title());
        if (dot.open() || dot.good()) {
            page.empty("circle", "cx", n(x), "cy", n(y), "r", "4.5");
        } else {
            page.empty("path", "d", "M" + n(x - 4) + " " + n(y - 4) + "l8 8m0 -8l-8 8");
        }
        page.close().line();
    }

    private static double part(Duration some, Duration all) {
        return (double) some.toMillis() / Math.max(1, all.toMillis());
    }

    private static String n(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
