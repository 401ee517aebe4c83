package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Scope;

/** The code of a stage, after it was changed. */
final class SecondBuild {

    private SecondBuild() {}

    static void declare(Scope p) {
        p.stage("build").run(ctx -> 1);
    }
}
