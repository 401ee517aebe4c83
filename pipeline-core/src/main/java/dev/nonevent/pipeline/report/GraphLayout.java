package dev.nonevent.pipeline.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where the stages of a run stand in its picture: what waits for nothing in the first layer, everything else one layer
 * behind the last it waits for. The method of Sugiyama: a line over several layers gets a place of its own in each, and
 * each layer is ordered by what it is joined to, so that few lines cross. The same run is always laid out the same.
 */
final class GraphLayout {

    private static final int SWEEPS = 4;

    private final List<List<Cell>> layers = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();

    /** A place in a layer. */
    static final class Cell {

        final String stage;

        /** Nobody stands here; a line passes. */
        final boolean lineOnly;

        final int layer;
        final List<Cell> before = new ArrayList<>();
        final List<Cell> after = new ArrayList<>();

        /** Among those of its layer. */
        int place;

        private Cell(String stage, boolean lineOnly, int layer) {
            this.stage = stage;
            this.lineOnly = lineOnly;
            this.layer = layer;
        }
    }

    /** From one stage to the next, over the places in between. */
    record Line(List<Cell> cells) {}

    /** @param waitsFor every stage in plan order, with what it waits for */
    GraphLayout(Map<String, List<String>> waitsFor) {
        Map<String, List<String>> joined = withoutDetours(waitsFor);
        Map<String, Cell> cells = new LinkedHashMap<>();
        joined.forEach((stage, before) -> {
            int layer = before.stream()
                            .mapToInt(name -> of(cells, name).layer)
                            .max()
                            .orElse(-1)
                    + 1;
            cells.put(stage, put(stage, false, layer));
        });
        joined.forEach((stage, before) -> before.forEach(name -> join(of(cells, name), of(cells, stage))));
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            layers.forEach(layer -> order(layer, true));
            for (int i = layers.size() - 1; i >= 0; i--) {
                order(layers.get(i), false);
            }
        }
    }

    List<List<Cell>> layers() {
        return layers;
    }

    List<Line> lines() {
        return lines;
    }

    /** A stage that waits for B, which waits for A, waits for A anyway: only the line from B is drawn. */
    private static Map<String, List<String>> withoutDetours(Map<String, List<String>> waitsFor) {
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, BitSet> allBefore = new HashMap<>();
        Map<String, List<String>> joined = new LinkedHashMap<>();
        waitsFor.forEach((stage, names) -> {
            List<String> known =
                    names.stream().filter(allBefore::containsKey).distinct().toList();
            BitSet all = new BitSet();
            known.forEach(name -> all.or(of(allBefore, name)));
            joined.put(
                    stage,
                    known.stream().filter(name -> !all.get(of(numbers, name))).toList());
            known.forEach(name -> all.set(of(numbers, name)));
            numbers.put(stage, numbers.size());
            allBefore.put(stage, all);
        });
        return joined;
    }

    private static <T> T of(Map<String, T> all, String stage) {
        return Objects.requireNonNull(all.get(stage), stage);
    }

    private Cell put(String stage, boolean lineOnly, int layer) {
        while (layers.size() <= layer) {
            layers.add(new ArrayList<>());
        }
        Cell cell = new Cell(stage, lineOnly, layer);
        cell.place = layers.get(layer).size();
        layers.get(layer).add(cell);
        return cell;
    }

    private void join(Cell from, Cell to) {
        List<Cell> way = new ArrayList<>(List.of(from));
        for (int layer = from.layer + 1; layer < to.layer; layer++) {
            way.add(put(to.stage, true, layer));
        }
        way.add(to);
        for (int i = 1; i < way.size(); i++) {
            way.get(i - 1).after.add(way.get(i));
            way.get(i).before.add(way.get(i - 1));
        }
        lines.add(new Line(List.copyOf(way)));
    }

    private static void order(List<Cell> layer, boolean byBefore) {
        Map<Cell, Double> wanted = new HashMap<>();
        layer.forEach(cell -> wanted.put(
                cell,
                (byBefore ? cell.before : cell.after)
                        .stream().mapToDouble(GraphLayout::height).average().orElse(height(cell))));
        layer.sort(Comparator.comparing(wanted::get));
        for (int i = 0; i < layer.size(); i++) {
            layer.get(i).place = i;
        }
    }

    private static double height(Cell cell) {
        return cell.place;
    }
}
