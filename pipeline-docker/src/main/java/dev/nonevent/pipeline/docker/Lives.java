package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The containers an engine has, found by name, id or label. */
final class Lives {

    private final Engine engine;

    Lives(Engine engine) {
        this.engine = engine;
    }

    /** @param container its name or id; one that the engine does not know is none */
    Optional<Life> of(String container) {
        if (container.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Life.of(engine.ask(
                    "looking at container " + container,
                    docker -> docker.inspectContainerCmd(container).exec())));
        } catch (EngineRefusedException refused) {
            if (refused.isNotFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** Those that an instance's identity names, as far as they are there and still the same. */
    List<Life> of(Instance instance) {
        return Life.namedBy(instance).stream()
                .flatMap(named -> of(Life.containerOf(named)).stream()
                        .filter(life -> life.identity().equals(named)))
                .toList();
    }

    /** What runs, or is about to again: an instance for each deployment, at the addresses of those that are left of it. */
    List<Instance> instances(Map<String, String> labels) {
        Map<String, List<Life>> byDeployment = new TreeMap<>();
        with(labels).stream()
                .filter(life -> life.isAlive() || life.isComingBack())
                .sorted(Comparator.comparing(Life::number))
                .forEach(life -> byDeployment
                        .computeIfAbsent(life.label(Mark.DEPLOYMENT), deployment -> new ArrayList<>())
                        .add(life));
        return byDeployment.values().stream().map(Lives::left).toList();
    }

    /** One that is coming back is nothing that runs, unless nothing else does. */
    private static Instance left(List<Life> lives) {
        List<Life> alive = lives.stream().filter(Life::isAlive).toList();
        return instance(alive.isEmpty() ? lives : alive, lives);
    }

    /** Every one of them, or it is not this instance that runs. */
    static Instance whole(List<Life> lives) {
        return instance(lives, lives);
    }

    private static Instance instance(List<Life> named, List<Life> reached) {
        List<URI> addresses = reached.stream().map(Life::address).toList();
        return new Instance(
                named.stream().map(Life::identity).collect(Collectors.joining(Life.AND)),
                reached.get(0).label(Mark.DEPLOYMENT),
                addresses.get(0),
                addresses.subList(1, addresses.size()));
    }

    /** All that have these labels, whatever has become of them. */
    List<Life> with(Map<String, String> labels) {
        return engine
                .ask(
                        "looking for the containers of " + labels.getOrDefault(Mark.APPLICATION, "a host"),
                        docker -> docker.listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(labels)
                                .exec())
                .stream()
                .flatMap(found -> of(found.getId()).stream())
                .toList();
    }

    /** The addresses that containers of any host have, and will have again if they are started again. */
    List<String> addresses() {
        return engine
                .ask(
                        "looking for the ports that are taken",
                        docker -> docker.listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(List.of(Mark.ADDRESS))
                                .exec())
                .stream()
                .map(found -> found.getLabels().getOrDefault(Mark.ADDRESS, ""))
                .toList();
    }

    /**
     * Removes what has ended for good, and what was made by a process that died before it could start it. A replica that ended
     * beside others keeps its address from everybody until they go: users may still be sent there.
     */
    void removeDead(Mark mark) {
        List<Life> all = with(mark.labels());
        Set<String> running = all.stream()
                .filter(life -> life.isAlive() || life.isComingBack())
                .map(life -> life.label(Mark.DEPLOYMENT))
                .collect(Collectors.toSet());
        for (Life life : all) {
            boolean over = life.isOver() && !running.contains(life.label(Mark.DEPLOYMENT));
            if (over || (life.isUnborn() && Mark.isStarterGone(life.label(Mark.STARTER)))) {
                remove(life);
            }
        }
    }

    /** With the volumes that are its own. Somebody else may be removing it at this moment. */
    void remove(Life life) {
        try {
            new Container(engine, life.container()).remove();
        } catch (InfrastructureException e) {
            if (!(e.getCause() instanceof EngineRefusedException refused) || !refused.isConflict()) {
                throw e;
            }
        }
    }
}
