package dev.nonevent.pipeline.bluegreen.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes a table a protocol. */
class TableTest {

    private final Table table = Table.BLUE_GREEN;

    @Test
    void everyAnswerAndEveryTroubleHasARow() {
        assertThat(table.problems()).isEmpty();
    }

    @Test
    void everyWordIsUsed() {
        Set<Effect> effects =
                table.rows().stream().flatMap(row -> row.effects().stream()).collect(Collectors.toSet());

        assertThat(effects).contains(Action.values()).contains(Fact.values());
        assertThat(table.rows()).extracting(Row::on).contains(Event.values());
        assertThat(table.rows()).extracting(Row::to).contains(State.values());
    }

    @Test
    void everyStateIsReachedFromTheBeginning() {
        Set<State> reached = EnumSet.of(State.IDLE);
        while (table.rows().stream()
                .filter(row -> reached.contains(row.from()))
                .map(Row::to)
                .anyMatch(reached::add)) {
            // One more.
        }

        assertThat(reached).containsExactlyInAnyOrder(State.values());
    }

    @Test
    void anEventThatMustNotHappenIsRefusedWithASentence() {
        assertThatThrownBy(() -> table.step(State.DRAINING, Event.ABORT))
                .isInstanceOf(IllegalEventException.class)
                .hasMessage(
                        "in DRAINING (the requests to its predecessor come to their end) there is no ABORT (a person"
                                + " wants the open deployment undone); nothing was changed");
    }

    @Test
    void noEventIsAcceptedThatIsNotInTheTable() {
        for (State state : State.values()) {
            for (Event event : Event.values()) {
                boolean known = table.rows().stream().anyMatch(row -> row.from() == state && row.on() == event);
                if (!known) {
                    assertThatThrownBy(() -> table.step(state, event)).isInstanceOf(IllegalEventException.class);
                }
            }
        }
    }

    @Test
    void twoRowsForTheSameAreNoTable() {
        Row first = table.rows().get(0);
        List<Row> twice = Stream.concat(table.rows().stream(), Stream.of(first)).toList();

        assertThatThrownBy(() -> new Table(twice)).hasMessageStartingWith("two rows say what follows: ");
    }

    @Test
    void whatIsNoProtocolIsSaid() {
        assertThat(with(new Row(State.READY, Event.FIT, State.SWITCHING, List.of(Action.SWITCH))))
                .anyMatch(problem -> problem.endsWith("changes a durable state without a fact"));
        assertThat(with(new Row(State.READY, Event.FIT, State.SWITCHING, List.of(Action.SWITCH, Fact.SWITCHING))))
                .anyMatch(problem -> problem.endsWith("acts before it has written what it is about to do"));
        assertThat(with(new Row(State.BAKING, Event.PROVEN, State.COMMITTED, List.of(Fact.COMMITTED, Fact.DONE))))
                .anyMatch(problem -> problem.contains("writes two facts"));
        assertThat(with(new Row(State.BAKING, Event.PROVEN, State.DONE, List.of(Fact.COMMITTED))))
                .anyMatch(problem -> problem.contains("leads elsewhere than another row"));
        assertThat(with(new Row(State.BEGUN, Event.COLD, State.BEGUN, List.of(Action.SWITCH))))
                .anyMatch(problem -> problem.endsWith("can be followed by SWITCHED, and no row says what then"));
        assertThat(with(new Row(State.BAKING, Event.ON_IT, State.BAKING, List.of(Action.LOOK, Action.BAKE))))
                .anyMatch(problem -> problem.endsWith("does not wait for the answer to LOOK"));
        assertThat(with(new Row(State.BAKING, Event.ON_IT, State.BAKING, List.of(Action.RAISE_FENCE))))
                .anyMatch(problem -> problem.endsWith("ends without a question"));
    }

    /** What versions before the table have written, one fact after another: recorded by letting them die everywhere. */
    @ParameterizedTest
    @CsvSource({
        "BEGUN, CREATING",
        "BEGUN, HEALTHY",
        "BEGUN, REMOVING",
        "COMMITTED, DONE",
        "COMMITTED, DRAINING",
        "CREATED, HEALTHY",
        "CREATED, REFUSED",
        "CREATED, REMOVING",
        "CREATING, CREATED",
        "CREATING, REMOVING",
        "DONE, BEGUN",
        "DRAINED, DONE",
        "DRAINED, DRAINING",
        "DRAINED, KEEPING",
        "DRAINING, DRAINED",
        "DRAINING, DRAINING",
        "DRAINING, KEEPING",
        "HEALTHY, REMOVING",
        "HEALTHY, SWITCHING",
        "KEEPING, DONE",
        "REFUSED, REMOVING",
        "REMOVING, ROLLED_BACK",
        "ROLLED_BACK, BEGUN",
        "SWITCHED, COMMITTED",
        "SWITCHED, SWITCHING_BACK",
        "SWITCHED, NEEDS_HUMAN",
        "NEEDS_HUMAN, BEGUN",
        "SWITCHED_BACK, ROLLED_BACK",
        "SWITCHING, REMOVING",
        "SWITCHING, SWITCHED",
        "SWITCHING_BACK, SWITCHED_BACK",
        "SWITCHING_BACK, NEEDS_HUMAN",
        "TAKING_DOWN, TAKEN_DOWN",
        "TAKEN_DOWN, BEGUN",
        "DONE, TAKING_DOWN",
        "SWITCHED, TAKING_DOWN"
    })
    void factsOfEarlierVersionsAreReadThroughTheSameRows(Fact first, Fact second) {
        Set<State> after = table.rows().stream()
                .filter(row -> row.fact().filter(first::equals).isPresent())
                .map(Row::to)
                .collect(Collectors.toSet());

        assertThat(after)
                .hasSize(1)
                .allSatisfy(state -> assertThat(table.after(state, second)).isPresent());
    }

    private List<String> with(Row other) {
        List<Row> rows = new ArrayList<>(table.rows());
        rows.removeIf(row -> row.from() == other.from() && row.on() == other.on());
        rows.add(other);
        return new Table(rows).problems();
    }
}
