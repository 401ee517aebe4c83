package dev.nonevent.pipeline.testkit;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The commands of a run or of a stage, in the order they were asked for. What is expected and is not so is an
 * {@link AssertionError} that lists them.
 *
 * @param list those of stages beside each other in an order that may be another one the next time
 */
public record RanCommands(List<RanCommand> list) {

    public RanCommands {
        list = List.copyOf(list);
    }

    RanCommands ofStage(String stage) {
        return new RanCommands(
                list.stream().filter(each -> each.stage().equals(stage)).toList());
    }

    /** @param beginnings how the lines begin, word by word: {@code mvn -B} is one of {@code mvn -B package}, {@code mv} is not */
    public RanCommands containsInOrder(String... beginnings) {
        int from = 0;
        for (String beginning : beginnings) {
            int at = from;
            while (at < list.size() && !begins(list.get(at), beginning)) {
                at++;
            }
            if (at == list.size()) {
                throw new AssertionError("no command \"" + beginning + "\""
                        + (from == 0 ? "" : " after \"" + list.get(from - 1).line() + "\"") + " was run" + all());
            }
            from = at + 1;
        }
        return this;
    }

    /** @param beginning as in {@link #containsInOrder} */
    public RanCommands doesNotContain(String beginning) {
        list.stream().filter(each -> begins(each, beginning)).findFirst().ifPresent(found -> {
            throw new AssertionError("stage \"" + found.stage() + "\" has run \"" + found.line() + "\"" + all());
        });
        return this;
    }

    public RanCommands isEmpty() {
        if (!list.isEmpty()) {
            throw new AssertionError("no command should have been run" + all());
        }
        return this;
    }

    private static boolean begins(RanCommand command, String beginning) {
        return (command.line() + " ").startsWith(beginning + " ");
    }

    private String all() {
        return list.isEmpty()
                ? "; nothing was run"
                : list.stream()
                        .map(each -> "\n  " + each.stage() + ": " + each.line())
                        .collect(Collectors.joining("", "; what was run:", ""));
    }
}
