package dev.nonevent.pipeline.definition.team;

import dev.nonevent.pipeline.definition.GateHandle;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.gate.Verdict;

/** What a team shares between its pipelines; in a package of its own, as a team's code is. */
public final class TeamComponents {

    private TeamComponents() {}

    public record Service(Stage<String> jar, GateHandle tests) {}

    public static Service service(Scope p) {
        var jar = p.stage("build").run(ctx -> "jar"); // line 16
        var tests = p.gate("tests").needs(jar).check((ctx, built) -> Verdict.pass("1 test")); // line 17
        return new Service(jar, tests);
    }
}
