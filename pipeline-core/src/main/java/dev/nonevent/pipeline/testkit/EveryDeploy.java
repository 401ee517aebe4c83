package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What must be true of every deployment of a pipeline. */
public final class EveryDeploy {

    private final Plan plan;
    private final List<Declaration> deploys;

    EveryDeploy(Plan plan, List<Declaration> deploys) {
        this.plan = plan;
        this.deploys = List.copyOf(deploys);
    }

    /**
     * Expects that none starts unless all of these gates have passed: it {@code requires} them, or something it {@code needs}
     * does, or a gate it requires does. What only comes {@code after} a gate is not guarded by it.
     */
    public EveryDeploy isGuardedBy(String... gates) {
        List<String> known = plan.steps().stream()
                .map(Declaration::handle)
                .filter(GateHandle.class::isInstance)
                .map(Handle::name)
                .toList();
        List<String> wrong = new ArrayList<>();
        for (String gate : gates) {
            if (!known.contains(gate)) {
                wrong.add("there is no gate \"" + gate + "\"" + Nearest.hint(gate, known));
            } else {
                deploys.stream()
                        .filter(deploy -> !guards(deploy).contains(gate))
                        .map(deploy -> "\"" + deploy.name() + "\" at " + deploy.place() + " is not guarded by \"" + gate
                                + "\", only by " + guards(deploy))
                        .forEach(wrong::add);
            }
        }
        return expectNone(wrong);
    }

    /** Expects that none starts without a person's yes to it, or to something it needs. */
    public EveryDeploy isApproved() {
        return expectNone(deploys.stream()
                .filter(deploy -> conditions(deploy)
                        .noneMatch(
                                step -> step.options().scheduling().approval().isPresent()))
                .map(deploy -> "\"" + deploy.name() + "\" at " + deploy.place()
                        + " starts without anybody's yes: say .approvedBy(…) where it is declared")
                .toList());
    }

    private EveryDeploy expectNone(List<String> wrong) {
        if (!wrong.isEmpty()) {
            throw new AssertionError("pipeline \"" + plan.pipeline().name() + "\": " + String.join("\n", wrong));
        }
        return this;
    }

    private Set<String> guards(Declaration deploy) {
        Set<String> names = new TreeSet<>();
        conditions(deploy)
                .map(Declaration::handle)
                .filter(GateHandle.class::isInstance)
                .map(Handle::name)
                .forEach(names::add);
        return names;
    }

    /** It, and everything that has to pass before it starts. */
    private Stream<Declaration> conditions(Declaration step) {
        List<Declaration> all = new ArrayList<>(List.of(step));
        for (int i = 0; i < all.size(); i++) {
            Declaration next = all.get(i);
            Stream.concat(next.inputs().stream(), next.gates().stream())
                    .map(handle -> plan.step(handle.name()))
                    .filter(before -> !all.contains(before))
                    .forEach(all::add);
        }
        return all.stream();
    }
}
