package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a team's delivery is: stages, gates and deployments with the edges between them. Data, and nothing else; it is
 * checked by {@code Plan.of} and carried out by {@code PipelineRunner}.
 *
 * <pre>{@code
 * Pipeline shop = Pipeline.define("shop", p -> {
 *     var source = p.stage("checkout").run(git(repository).branch("main"));
 *     var unit = p.gate("unit tests").needs(source)
 *             .check((ctx, tree) -> junit(ctx.tryExec("mvn", "-B", "test"), "target/surefire-reports/*.xml"));
 *     …
 * });
 * }</pre>
 *
 * <p>Immutable once defined, and free to be run many times, at once as well.
 */
public final class Pipeline {

    private final String name;
    private final Place place;
    private final Recorder recorder;
    private final List<Declaration> declarations;
    private final List<Parameter<?>> parameters;
    private final List<Secret> secrets;
    private final List<Hook> hooks;
    private final List<Slip> slips;

    private Pipeline(String name, Place place, Recorder recorder) {
        this(name, place, recorder, recorder.declarations);
    }

    private Pipeline(String name, Place place, Recorder recorder, List<Declaration> declarations) {
        this.name = name;
        this.place = place;
        this.recorder = recorder;
        this.declarations = List.copyOf(declarations);
        this.parameters = List.copyOf(recorder.parameters);
        this.secrets = List.copyOf(recorder.secrets);
        this.hooks = List.copyOf(recorder.hooks);
        this.slips = List.copyOf(recorder.slips);
    }

    /**
     * Writes down the pipeline that the body declares. Nothing runs.
     *
     * @param name lower case letters, digits and dashes
     */
    public static Pipeline define(String name, Consumer<? super Scope> body) {
        Place place = Place.ofCaller();
        Recorder recorder = new Recorder();
        recorder.note(place, "pipeline " + NameRule.shown(name), NameRule.ofPipeline(name));
        body.accept(new Scope(recorder, ""));
        recorder.close();
        return new Pipeline(name, place, recorder);
    }

    /**
     * The same pipeline, some of whose declarations say something else, such as where commands run. Whoever tries a pipeline
     * puts something of its own in the place of what touches the world.
     *
     * @param change what each declaration becomes; it has to keep its handle
     */
    public Pipeline with(UnaryOperator<Declaration> change) {
        List<Declaration> changed = new ArrayList<>();
        for (Declaration declaration : declarations) {
            Declaration other = change.apply(declaration);
            if (other.handle() != declaration.handle()) {
                throw new IllegalArgumentException(declaration.handle() + " has become " + other.handle()
                        + ": a declaration that is changed keeps its handle");
            }
            changed.add(other);
        }
        return new Pipeline(name, place, recorder, changed);
    }

    public String name() {
        return name;
    }

    public Place place() {
        return place;
    }

    /** Stages and gates in the order they were declared; those whose verb was forgotten come last. */
    public List<Declaration> declarations() {
        return declarations;
    }

    public List<Parameter<?>> parameters() {
        return parameters;
    }

    public List<Secret> secrets() {
        return secrets;
    }

    public List<Hook> hooks() {
        return hooks;
    }

    /** Mistakes noticed while writing down; a plan refuses a pipeline that has any. */
    public List<Slip> slips() {
        return slips;
    }
}
