package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Place;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.text.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Finds everything that does not fit together, in the order it was written. */
final class Validation {

    private static final int LONGEST_NAME = 200;

    private final Pipeline pipeline;
    private final Map<Handle, Declaration> declared = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private Validation(Pipeline pipeline) {
        this.pipeline = pipeline;
        pipeline.declarations().forEach(declaration -> declared.put(declaration.handle(), declaration));
    }

    static List<Problem> problems(Pipeline pipeline) {
        Validation validation = new Validation(pipeline);
        validation.look();
        validation.problems.sort(
                Comparator.comparing((Problem problem) -> problem.place().file())
                        .thenComparing(problem -> problem.place().line()));
        return List.copyOf(validation.problems);
    }

    private void look() {
        pipeline.slips().forEach(slip -> found(slip.place(), slip.sentence()));
        if (pipeline.declarations().isEmpty()) {
            found(pipeline.place(), "it has no stages: declare one with p.stage(…)");
        }
        names();
        applications();
        new ServiceRules(this::found).look(pipeline.declarations());
        new SchedulingRules(this::found).look(pipeline.declarations());
        for (Declaration declaration : pipeline.declarations()) {
            verb(declaration);
            edges(declaration);
            secrets(declaration);
            environment(declaration);
            gates(declaration);
            strategy(declaration).ifPresent(deploy -> {
                deploy.strategy().problems().forEach(sentence -> found(declaration, ": " + sentence));
                deadline(declaration, deploy.strategy());
            });
        }
    }

    /** The case is ignored because file systems do. */
    private void names() {
        Map<String, Declaration> seen = new HashMap<>();
        for (Declaration declaration : pipeline.declarations()) {
            Declaration first = seen.putIfAbsent(declaration.name().toLowerCase(Locale.ROOT), declaration);
            if (first != null) {
                String as = first.name().equals(declaration.name()) ? "" : ", as \"" + first.name() + "\"";
                found(declaration, " has the name of another, declared at " + first.place() + as);
            }
            if (declaration.name().length() > LONGEST_NAME) {
                found(declaration, ": with the names of its components it is longer than " + LONGEST_NAME);
            }
        }
    }

    private void applications() {
        Map<String, Declaration> seen = new HashMap<>();
        for (Declaration declaration : pipeline.declarations()) {
            strategy(declaration).ifPresent(deploy -> {
                String application = deploy.strategy().application();
                Declaration first = seen.putIfAbsent(application, declaration);
                if (first != null) {
                    found(
                            declaration,
                            " deploys \"" + application + "\", and so does " + first.handle() + " at " + first.place()
                                    + ": an application has one deploy in a pipeline");
                }
            });
        }
    }

    private void verb(Declaration declaration) {
        if (declaration.deed() instanceof Deed.Missing) {
            String verbs = declaration.handle() instanceof GateHandle
                    ? "check(…)"
                    : declaration.inputs().size() == 1 ? "run(…) or deploy(…)" : "run(…)";
            found(declaration, " was begun but has no " + verbs);
        }
    }

    private void edges(Declaration declaration) {
        declaration
                .before()
                .filter(handle -> !declared.containsKey(handle))
                .distinct()
                .forEach(handle -> {
                    List<String> known = pipeline.declarations().stream()
                            .map(Declaration::name)
                            .toList();
                    String own = known.contains(handle.name())
                            ? "; name the one of this pipeline"
                            : Nearest.hint(handle.name(), known);
                    found(
                            declaration,
                            " waits for " + handle + ", which another pipeline declares at " + handle.place() + own);
                });
    }

    private void secrets(Declaration declaration) {
        List<String> known = pipeline.secrets().stream().map(Secret::name).toList();
        declaration.options().secrets().stream()
                .map(Secret::name)
                .filter(name -> !known.contains(name))
                .sorted()
                .forEach(name -> found(
                        declaration,
                        " is given the secret \"" + name + "\", which this pipeline does not declare with p.secret(…)"
                                + Nearest.hint(name, known)));
    }

    private void environment(Declaration declaration) {
        declaration.options().environment().keySet().stream()
                .filter(declaration.options().secretEnvironment()::containsKey)
                .sorted()
                .forEach(name -> found(declaration, " sets " + name + " both to a text and to a secret"));
    }

    /** Ended in the middle, a deployment that is in order would be rolled back, or leave its predecessor undrained. */
    private void deadline(Declaration declaration, DeploymentStrategy<?, ?> strategy) {
        Optional<Duration> timeout = declaration.options().timeout();
        Optional<Duration> longest = strategy.longest();
        if (timeout.isPresent() && longest.isPresent() && longest.get().compareTo(timeout.get()) > 0) {
            found(
                    declaration,
                    " may take " + PlanText.duration(longest.get()) + " by its own settings, and is ended after "
                            + PlanText.duration(timeout.get())
                            + ": raise the timeout, or shorten its parts");
        }
    }

    private void gates(Declaration declaration) {
        Optional<String> excuse = declaration.options().withoutGates();
        boolean deploys = strategy(declaration).isPresent();
        if (!deploys && excuse.isEmpty()) {
            // Without this, each stage of a long chain would walk all of it.
            return;
        }
        Optional<Handle> guard = guard(declaration);
        if (excuse.isPresent() && !deploys) {
            found(declaration, " says withoutGates(…) but deploys nothing");
        } else if (excuse.isPresent() && guard.isPresent()) {
            found(declaration, " says withoutGates(…) but " + guard.get() + " guards it; take one of them away");
        } else if (deploys && excuse.isEmpty() && guard.isEmpty()) {
            found(
                    declaration,
                    " deploys what no gate has looked at: add requires(gate) here or before, or say withoutGates(\"why\")");
        }
    }

    /** A gate that has passed whenever this runs, however far before. */
    private Optional<Handle> guard(Declaration start) {
        Set<Handle> before = new LinkedHashSet<>();
        List<Declaration> open = new ArrayList<>(List.of(start));
        while (!open.isEmpty()) {
            open.remove(0)
                    .before()
                    .filter(before::add)
                    .map(declared::get)
                    .filter(Objects::nonNull)
                    .forEach(open::add);
        }
        return before.stream().filter(GateHandle.class::isInstance).findFirst();
    }

    private static Optional<Deed.Deploy> strategy(Declaration declaration) {
        return declaration.deed() instanceof Deed.Deploy deploy ? Optional.of(deploy) : Optional.empty();
    }

    private void found(Declaration declaration, String end) {
        found(declaration.place(), declaration.handle() + end);
    }

    private void found(Place place, String sentence) {
        problems.add(new Problem(place, sentence));
    }
}
