package dev.nonevent.pipeline.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The picture of a run: each stage a box that leads to what is told of it. */
final class GraphDrawing {

    /** A picture of more says nothing any more. */
    static final int MOST_STAGES = 150;

    private static final int BOX_HEIGHT = 46;
    private static final int EDGE = 2;

    private final RunFacts facts;
    private final Map<String, String> anchors;
    private final GraphLayout layout;
    private final boolean down;
    private final int boxWidth;
    private final int widest;

    /** @param down from the top to the bottom, for a narrow place; otherwise from left to right */
    GraphDrawing(RunFacts facts, GraphLayout layout, Map<String, String> anchors, boolean down) {
        this.facts = facts;
        this.layout = layout;
        this.anchors = anchors;
        this.down = down;
        this.widest = layout.layers().stream().mapToInt(List::size).max().orElse(0);
        this.boxWidth = down ? Math.max(84, Math.min(168, 364 / Math.max(1, widest) - 8)) : 168;
    }

    void draw(Markup page) {
        int along = layout.layers().size() * step() - gap() + 2 * EDGE;
        int across = widest * lane() - laneGap() + 2 * EDGE;
        int width = down ? across : along;
        int height = down ? along : across;
        page.open(
                "svg",
                "class",
                down ? "graph down" : "graph across",
                "role",
                "group",
                "aria-label",
                "The stages, and what each waits for",
                "width",
                width,
                "height",
                height,
                "viewBox",
                "0 0 " + width + " " + height);
        page.line();
        layout.lines().forEach(line -> line(page, line));
        layout.layers()
                .forEach(layer -> layer.stream().filter(cell -> !cell.lineOnly).forEach(cell -> box(page, cell)));
        page.close().line();
    }

    private void line(Markup page, GraphLayout.Line line) {
        StringBuilder path = new StringBuilder();
        GraphLayout.Cell last = null;
        for (GraphLayout.Cell cell : line.cells()) {
            if (last == null) {
                path.append("M").append(point(end(cell), middle(cell)));
            } else {
                double half = (end(last) + start(cell)) / 2;
                path.append("C").append(point(half, middle(last)));
                path.append(" ").append(point(half, middle(cell)));
                path.append(" ").append(point(start(cell), middle(cell)));
                path.append("L").append(point(cell.lineOnly ? end(cell) : start(cell), middle(cell)));
            }
            last = cell;
        }
        page.empty("path", "class", "edge", "d", path).line();
    }

    private void box(Markup page, GraphLayout.Cell cell) {
        RunFacts.StageFacts stage = facts.stage(cell.stage);
        Look look = Look.of(stage);
        double x = down ? middle(cell) - boxWidth / 2.0 : start(cell);
        double y = down ? start(cell) : middle(cell) - BOX_HEIGHT / 2.0;
        String took = stage.ended == null || stage.started == null ? "" : Durations.text(stage.ended.took());
        page.open("a", "href", "#" + anchors.get(cell.stage), "class", "node " + look.kind());
        page.element("title", cell.stage + ": " + look.word());
        page.empty(
                "rect",
                "x",
                n(x),
                "y",
                n(y),
                "width",
                boxWidth,
                "height",
                BOX_HEIGHT,
                "rx",
                stage.isGate() ? (down ? 16 : 23) : 4);
        int inset = down ? 10 : stage.isGate() ? 18 : 12;
        int columns = (int) ((boxWidth - inset - 6) / (down ? 7 : 7.6));
        page.element(
                "text", CleanText.cut(CleanText.line(cell.stage), columns, "…"), "x", n(x + inset), "y", n(y + 20));
        page.element(
                "text",
                look.sign() + " " + (down && !took.isEmpty() ? took : (look.word() + "  " + took).strip()),
                "class",
                "end",
                "x",
                n(x + inset),
                "y",
                n(y + 36));
        page.close().line();
    }

    private double start(GraphLayout.Cell cell) {
        return EDGE + (double) cell.layer * step();
    }

    private double end(GraphLayout.Cell cell) {
        return start(cell) + length();
    }

    /** Across the way; each layer stands in the middle of the widest. */
    private double middle(GraphLayout.Cell cell) {
        int count = layout.layers().get(cell.layer).size();
        double first = EDGE + (widest - count) * lane() / 2.0;
        return first + cell.place * lane() + (lane() - laneGap()) / 2.0;
    }

    private int length() {
        return down ? BOX_HEIGHT : boxWidth;
    }

    private int gap() {
        return down ? 30 : 44;
    }

    private int step() {
        return length() + gap();
    }

    private int laneGap() {
        return down ? 8 : 14;
    }

    private int lane() {
        return (down ? boxWidth : BOX_HEIGHT) + laneGap();
    }

    private String point(double along, double across) {
        return down ? n(across) + " " + n(along) : n(along) + " " + n(across);
    }

    private static String n(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }
}
