package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** From sources to users: a tree, an artifact, two gates and what goes live. Leaves a line for each stage that is carried out. */
final class SmallDelivery {

    static final List<String> STAGES = List.of("checkout", "build", "unit tests", "security scan", "image", "go live");

    record Jar(Artifact file, List<String> classes) {}

    record Image(String name, Jar jar) {}

    private SmallDelivery() {}

    static Plan plan(Path home) {
        return Plan.of(Pipeline.define("shop", p -> declare(p, home)));
    }

    private static void declare(Scope p, Path home) {
        var source = p.stage("checkout").run(ctx -> {
            done(home, "checkout");
            Files.writeString(
                    Files.createDirectories(ctx.workspace().resolve("src")).resolve("A.java"), "class A");
            return ctx.tree("src");
        });
        var jar = p.stage("build").needs(source).run((ctx, tree) -> build(ctx.workspace(), home, tree, ctx::artifact));
        var unit = p.gate("unit tests").needs(jar).check((ctx, built) -> {
            done(home, "unit tests");
            return Verdict.pass("2 passed");
        });
        var scan = p.gate("security scan").needs(source).check((ctx, tree) -> {
            done(home, "security scan");
            return Verdict.pass("no findings");
        });
        var image = p.stage("image").needs(jar).requires(unit, scan).run((ctx, built) -> {
            done(home, "image");
            return new Image("shop 1.0", built);
        });
        p.stage("go live").needs(image).run((ctx, made) -> {
            done(home, "go live");
            long bytes = Files.size(ctx.place(made.jar().file(), "app.jar"));
            String live = made.name() + ", " + bytes + " bytes, " + made.jar().classes() + ", sha256 of "
                    + made.jar().file().name();
            Files.writeString(home.resolve("live"), live);
            return live;
        });
    }

    private interface Keeping {

        Artifact keep(String file);
    }

    private static Jar build(Path workspace, Path home, Tree tree, Keeping store) throws IOException {
        done(home, "build");
        Files.writeString(workspace.resolve("app.jar"), "jar");
        return new Jar(store.keep("app.jar"), tree.files() == 1 ? List.of("A", "B") : List.of());
    }

    private static void done(Path home, String stage) throws IOException {
        Files.writeString(home.resolve("done"), stage + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
