package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.engine.Engine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the containers of an instance printed last, those first that have ended; beside others, each line says of which it is. */
final class LastWords {

    private final Engine engine;

    LastWords(Engine engine) {
        this.engine = engine;
    }

    /**
     * @param named lives of the containers
     * @param lines at most, of all together
     */
    List<String> of(List<String> named, int lines) throws InterruptedException {
        ContainerLog log = new ContainerLog(engine);
        if (named.size() == 1) {
            return log.end(Life.containerOf(named.get(0)), lines);
        }
        List<String> said = new ArrayList<>();
        for (Life life : endedFirst(named)) {
            for (String line : log.end(life.container(), Math.max(1, lines / named.size()))) {
                said.add("replica " + life.number() + ": " + line);
            }
        }
        return List.copyOf(said.subList(0, Math.min(lines, said.size())));
    }

    /** A container that was started again has what it printed in its life before. */
    private List<Life> endedFirst(List<String> named) {
        Lives lives = new Lives(engine);
        return named.stream()
                .flatMap(life -> lives.of(Life.containerOf(life)).stream())
                .sorted(Comparator.comparing((Life now) -> now.isAlive() && named.contains(now.identity()))
                        .thenComparing(Life::number))
                .toList();
    }
}
