package dev.nonevent.pipeline.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.team.TeamComponents;
import dev.nonevent.pipeline.gate.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceTest {

    @Test
    void aStageIsAtTheLineThatDeclaresIt() {
        int here = lineOfCaller();
        Pipeline pipeline = Pipeline.define("shop", p -> {
            p.stage("one").run(ctx -> 1);
            p.gate("two").check(ctx -> Verdict.pass(""));
        });

        assertThat(pipeline.place()).isEqualTo(new Place("PlaceTest.java", here + 1));
        assertThat(pipeline.declarations())
                .extracting(Declaration::place)
                .containsExactly(new Place("PlaceTest.java", here + 2), new Place("PlaceTest.java", here + 3));
    }

    @Test
    void aComponentOfAnotherClassIsAtItsOwnLines() {
        Pipeline pipeline = Pipeline.define("shop", p -> p.include("orders", TeamComponents::service));

        assertThat(pipeline.declarations())
                .extracting(declaration -> declaration.place().toString())
                .containsExactly("TeamComponents.java:16", "TeamComponents.java:17");
    }

    @Test
    void aHelperMethodOfTheTeamIsThePlace() {
        Pipeline pipeline = Pipeline.define("shop", PlaceTest::declareOne);

        assertThat(pipeline.declarations()).extracting(Declaration::place).containsExactly(placeOfHelper);
    }

    @Test
    void hooksAndFanOutsHaveAPlaceToo() {
        int here = lineOfCaller();
        Pipeline pipeline = Pipeline.define("shop", p -> {
            p.each("tests", List.of(17, 21)).run((ctx, jdk) -> jdk);
            p.onFinish(run -> {});
        });

        assertThat(pipeline.declarations())
                .extracting(Declaration::place)
                .containsOnly(new Place("PlaceTest.java", here + 2));
        assertThat(pipeline.hooks()).extracting(Hook::place).containsExactly(new Place("PlaceTest.java", here + 3));
    }

    private static Place placeOfHelper = new Place("never called", 0);

    private static void declareOne(Scope p) {
        placeOfHelper = new Place("PlaceTest.java", lineOfCaller() + 1);
        p.stage("one").run(ctx -> 1);
    }

    private static int lineOfCaller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow())
                .getLineNumber();
    }
}
