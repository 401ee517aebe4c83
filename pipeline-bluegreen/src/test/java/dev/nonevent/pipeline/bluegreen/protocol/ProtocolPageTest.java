package dev.nonevent.pipeline.bluegreen.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about the protocol is made from its table. */
class ProtocolPageTest {

    private static final Path PAGE = Path.of("..", "docs", "protocol.md");
    private static final Path MADE = Path.of("target", "protocol.md");
    private static final String MARK = "<!-- From here on made from the table; ProtocolPageTest says how. -->";

    private final Table table = Table.BLUE_GREEN;

    @Test
    void pageShowsTheTableAsItIs() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(MARK);
        String expected = page.substring(0, page.indexOf(MARK)) + MARK + "\n\n" + made();
        Files.createDirectories(MADE.getParent());
        Files.writeString(MADE, expected);

        assertThat(page)
                .as("docs/protocol.md differs from the table; take the page that was just made from it:"
                        + " cp pipeline-bluegreen/target/protocol.md docs/protocol.md")
                .isEqualTo(expected);
    }

    private String made() {
        return Stream.of(List.of(picture()), states(), rows(), words("Event", events()), words("Action", actions()))
                .map(lines -> String.join("\n", lines))
                .collect(Collectors.joining("\n\n", "", "\n"));
    }

    /** The ways between states; who is held, overtaken or taken down can be so everywhere, and is in the rows only. */
    private String picture() {
        Set<State> anywhere = Set.of(State.HELD, State.LEFT, State.ENDING);
        Map<String, Set<String>> ways = new LinkedHashMap<>();
        table.rows().stream()
                .filter(row -> row.from() != row.to() && !anywhere.contains(row.to()))
                .forEach(row -> ways.computeIfAbsent(row.from() + " --> " + row.to(), way -> new TreeSet<>())
                        .add(row.on().name()));
        return ways.entrySet().stream()
                .map(way -> "    " + way.getKey() + ": " + String.join(", ", way.getValue()))
                .collect(Collectors.joining("\n", "```mermaid\nstateDiagram-v2\n    [*] --> IDLE\n", "\n```"));
    }

    private List<String> states() {
        List<String> lines = new ArrayList<>(List.of("## States", "", "| state | what is true |", "|---|---|"));
        Stream.of(State.values())
                .map(state -> "| " + state + " | " + state.sentence() + " |")
                .forEach(lines::add);
        return lines;
    }

    private List<String> rows() {
        List<String> lines = new ArrayList<>(List.of(
                "## Transitions",
                "",
                "A fact is written in *italics*, an action is carried out in `code`, from left to right.",
                "",
                "| in | on | to | effects |",
                "|---|---|---|---|"));
        Map<String, List<String>> alike = new LinkedHashMap<>();
        table.rows()
                .forEach(row -> alike.computeIfAbsent(what(row), what -> new ArrayList<>())
                        .add(row.from().name()));
        alike.forEach((what, from) -> lines.add("| " + from(from) + what));
        return lines;
    }

    private static String from(List<String> states) {
        List<String> every = State.durable().stream().map(Enum::name).toList();
        return states.size() == every.size() ? "every state" : String.join(", ", states);
    }

    private static String what(Row row) {
        String to = row.from() == row.to() ? "the same" : row.to().name();
        String effects = row.effects().stream()
                .map(effect -> effect instanceof Fact ? "*" + effect.name() + "*" : "`" + effect.name() + "`")
                .collect(Collectors.joining(", "));
        return " | " + row.on() + " | " + to + " | " + effects + " |";
    }

    private static List<String> words(String kind, Stream<String> sentences) {
        return Stream.concat(
                        Stream.of(
                                "## " + kind + "s",
                                "",
                                "| " + kind.toLowerCase(java.util.Locale.ROOT) + " | what it is |",
                                "|---|---|"),
                        sentences)
                .toList();
    }

    private static Stream<String> events() {
        return Stream.of(Event.values()).map(event -> "| " + event + " | " + event.sentence() + " |");
    }

    private static Stream<String> actions() {
        return Stream.of(Action.values()).map(action -> "| " + action + " | " + action.sentence() + " |");
    }
}
