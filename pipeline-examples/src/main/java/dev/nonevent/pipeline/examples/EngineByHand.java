package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.cli.PipelineMain;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A pipeline of as many stages as you say, each of which carries one command out: to try the engine, or to measure it as
 * its users have it, with everything it keeps and tells.
 *
 * <pre>
 * java -cp … EngineByHand HOME PARALLEL chain 100 /bin/true     each after the one before
 * java -cp … EngineByHand HOME PARALLEL fan 100 /bin/true       none after any
 * java -cp … EngineByHand HOME PARALLEL layers 1000 /bin/true   ten layers, each stage after three of the layer before
 * java -cp … EngineByHand HOME PARALLEL full 1000 /bin/true     ten layers, each stage after all of the layer before
 * </pre>
 */
public final class EngineByHand {

    private static final int LAYERS = 10;
    private static final int NEAREST = 3;

    private EngineByHand() {}

    public static void main(String[] args) {
        if (args.length < 5) {
            throw new IllegalArgumentException(
                    "say where and what: HOME PARALLEL chain|fan|layers|full STAGES COMMAND…");
        }
        Pipeline pipeline =
                pipeline(args[2], Integer.parseInt(args[3]), List.of(args).subList(4, args.length));
        System.exit(PipelineMain.of(pipeline)
                .home(Path.of(args[0]))
                .maxParallel(Integer.parseInt(args[1]))
                .run("run", "--console=plain"));
    }

    static Pipeline pipeline(String shape, int stages, List<String> command) {
        String[] argv = command.toArray(String[]::new);
        return Pipeline.define("by-hand", p -> {
            List<Handle> all = new ArrayList<>();
            for (int i = 0; i < stages; i++) {
                all.add(stage(p, "s" + i, before(shape, i, stages, all), argv));
            }
        });
    }

    private static Handle stage(Scope p, String name, List<Handle> before, String... argv) {
        return p.stage(name)
                .after(before.toArray(Handle[]::new))
                .run(ctx -> ctx.exec(argv).exitCode());
    }

    private static List<Handle> before(String shape, int index, int stages, List<Handle> all) {
        int width = Math.max(1, stages / LAYERS);
        int first = (index / width - 1) * width;
        return switch (shape) {
            case "chain" -> index == 0 ? List.of() : List.of(all.get(index - 1));
            case "fan" -> List.of();
            case "layers" -> nearest(index, width, first, all);
            case "full" -> first < 0 ? List.of() : all.subList(first, first + width);
            default -> throw new IllegalArgumentException("no such shape: " + shape + "; chain, fan, layers or full");
        };
    }

    /** The one at the same place of the layer before, and the two beside it. */
    private static List<Handle> nearest(int index, int width, int first, List<Handle> all) {
        List<Handle> before = new ArrayList<>();
        for (int i = 0; first >= 0 && i < Math.min(NEAREST, width); i++) {
            before.add(all.get(first + (index + i) % width));
        }
        return before;
    }
}
