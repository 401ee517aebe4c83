package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GraphLayoutTest {

    private final Map<String, List<String>> stages = new LinkedHashMap<>();

    @Test
    void aStageStandsBehindTheLastItWaitsFor() {
        stage("a");
        stage("b", "a");
        stage("c");
        stage("d", "b", "c");

        assertThat(layers()).containsExactly("a c", "b -", "d");
    }

    @Test
    void aLineThatSaysNothingNewIsNotDrawn() {
        stage("a");
        stage("b", "a");
        stage("c", "a", "b");

        assertThat(lines()).containsExactly("a b", "b c");
    }

    @Test
    void aLineOverSeveralLayersHasAPlaceInEach() {
        stage("a");
        stage("b", "a");
        stage("c", "b");
        stage("x");
        stage("d", "c", "x");

        assertThat(lines()).containsExactly("a b", "b c", "c d", "x - - d");
    }

    @Test
    void linesThatNeedNotCrossDoNot() {
        stage("a");
        stage("b");
        stage("to b", "b");
        stage("to a", "a");

        assertThat(layers()).containsExactly("a b", "to a to b");
    }

    @Test
    void whatNobodyDeclaredIsNotWaitedFor() {
        stage("a", "nobody");

        assertThat(layers()).containsExactly("a");
        assertThat(lines()).isEmpty();
    }

    @Test
    void everyStageStandsSomewhereOnceWhateverTheShape() {
        IntStream.range(0, 150)
                .forEach(i -> stage(
                        "s" + i,
                        IntStream.range(0, i)
                                .filter(j -> (i * 31 + j * 17) % 11 == 0)
                                .mapToObj(j -> "s" + j)
                                .toArray(String[]::new)));

        assertThat(new GraphLayout(stages)
                        .layers().stream()
                                .flatMap(List::stream)
                                .filter(cell -> !cell.lineOnly)
                                .map(cell -> cell.stage))
                .containsExactlyInAnyOrderElementsOf(stages.keySet());
    }

    private void stage(String name, String... waitsFor) {
        stages.put(name, List.of(waitsFor));
    }

    private List<String> layers() {
        return new GraphLayout(stages)
                .layers().stream().map(GraphLayoutTest::text).toList();
    }

    private List<String> lines() {
        return new GraphLayout(stages)
                .lines().stream().map(line -> text(line.cells())).toList();
    }

    private static String text(List<GraphLayout.Cell> cells) {
        return String.join(
                " ",
                cells.stream().map(cell -> cell.lineOnly ? "-" : cell.stage).toList());
    }
}
