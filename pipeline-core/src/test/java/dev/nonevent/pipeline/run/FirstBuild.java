package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Scope;

/** The code of a stage, before it was changed. */
final class FirstBuild {

    private FirstBuild() {}

    static void declare(Scope p) {
        p.stage("build").run(ctx -> 1);
    }
}
