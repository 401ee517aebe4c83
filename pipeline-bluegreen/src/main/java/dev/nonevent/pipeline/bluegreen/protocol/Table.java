package dev.nonevent.pipeline.bluegreen.protocol;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Transitions by state and event. Immutable. */
public final class Table implements Protocol {

    /** The one that deployments follow. */
    public static final Table BLUE_GREEN = new Table(Transitions.rows());

    private static final Set<Event> NEVER_FAR = Set.of(Event.UNKNOWN, Event.LOST, Event.FAILED);

    private final List<Row> rows;
    private final Map<State, Map<Event, Row>> byState;
    private final Map<State, Map<Fact, State>> byFact;

    /** @throws IllegalArgumentException if a state has two rows for an event */
    public Table(List<Row> rows) {
        this.rows = List.copyOf(rows);
        this.byState = new EnumMap<>(State.class);
        for (Row row : rows) {
            Row twin = byState.computeIfAbsent(row.from(), state -> new HashMap<>())
                    .put(row.on(), row);
            if (twin != null) {
                throw new IllegalArgumentException("two rows say what follows: " + twin + " and " + row);
            }
        }
        this.byFact = new EnumMap<>(State.class);
        rows.forEach(row -> row.fact()
                .ifPresent(fact -> byFact.computeIfAbsent(row.from(), state -> new EnumMap<>(Fact.class))
                        .putIfAbsent(fact, row.to())));
    }

    /** From the beginning of a deployment to its end. */
    public List<Row> rows() {
        return rows;
    }

    @Override
    public Step step(State state, Event event) {
        return row(state, event).map(Row::step).orElseThrow(() -> new IllegalEventException(state, event));
    }

    /** The state that the ledger's next fact leads to; empty if no transition writes it there. */
    public Optional<State> after(State state, Fact fact) {
        if (!fact.moves()) {
            return Optional.of(state);
        }
        return Optional.ofNullable(byFact.getOrDefault(state, Map.of()).get(fact));
    }

    /** Everything that makes it no protocol, as sentences. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Row row : rows) {
            problems.addAll(ofFacts(row));
            problems.addAll(ofAnswers(row));
        }
        return List.copyOf(problems);
    }

    private List<String> ofFacts(Row row) {
        List<String> problems = new ArrayList<>();
        if (row.effects().stream().filter(Table::moves).count() > 1) {
            problems.add(row + " writes two facts: who dies between them is in no state of the table");
        }
        boolean moves = row.fact().isPresent();
        if (row.from() != row.to() && row.to().isDurable() && !moves) {
            problems.add(row + " changes a durable state without a fact");
        }
        if (row.effects().stream().skip(1).anyMatch(Table::moves)
                && row.effects().get(0) instanceof Action before
                && before != Action.RAISE_FENCE) {
            problems.add(row + " acts before it has written what it is about to do");
        }
        if (moves
                && after(row.from(), row.fact().orElseThrow())
                        .filter(row.to()::equals)
                        .isEmpty()) {
            problems.add(row + " leads elsewhere than another row that writes the same fact");
        }
        return problems;
    }

    private static boolean moves(Effect effect) {
        return effect instanceof Fact fact && fact.moves();
    }

    private List<String> ofAnswers(Row row) {
        List<String> problems = new ArrayList<>();
        for (int place = 0; place < row.effects().size(); place++) {
            Effect effect = row.effects().get(place);
            boolean last = place == row.effects().size() - 1;
            if (effect instanceof Action action && action.answers().isEmpty() == last) {
                problems.add(row + (last ? " ends without a question" : " does not wait for the answer to " + action));
            }
            troubles(row, effect).forEach(trouble -> require(row, row.to(), trouble, problems));
            if (row.from().isDurable() && row.to().isDurable() && moves(effect)) {
                // Then it is not written.
                NEVER_FAR.forEach(trouble -> require(row, row.from(), trouble, problems));
            }
        }
        row.step().answers().forEach(answer -> require(row, row.to(), answer, problems));
        return problems;
    }

    /** Whatever is carried out can end a process; what waits can be cancelled. */
    private static Set<Event> troubles(Row row, Effect effect) {
        if (!row.to().isDurable()) {
            return Set.of();
        } else if (effect instanceof Action action && action.waits()) {
            return Set.of(Event.UNKNOWN, Event.LOST, Event.FAILED, Event.CANCELLED);
        }
        return NEVER_FAR;
    }

    private void require(Row row, State state, Event event, List<String> problems) {
        // FAILED is for whoever has begun a deployment and can turn back; to everybody else a failure is LOST.
        boolean turnsBack = event != Event.FAILED || state != State.ENDING;
        if (turnsBack && row(state, event).isEmpty()) {
            problems.add(row + " can be followed by " + event + ", and no row says what then");
        }
    }

    private Optional<Row> row(State state, Event event) {
        return Optional.ofNullable(byState.getOrDefault(state, Map.of()).get(event));
    }
}
