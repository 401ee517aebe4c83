package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down what one {@code define} says; shared by the scopes of its components. */
final class Recorder {

    final List<Declaration> declarations = new ArrayList<>();
    final List<Parameter<?>> parameters = new ArrayList<>();
    final List<Secret> secrets = new ArrayList<>();
    final List<Hook> hooks = new ArrayList<>();
    final List<Slip> slips = new ArrayList<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<ParameterDeclaration<?>, Place> openParameters = new LinkedHashMap<>();
    private final Map<String, Place> parameterPlaces = new LinkedHashMap<>();
    private final Map<String, Place> secretPlaces = new LinkedHashMap<>();
    private final Map<String, Place> lockPlaces = new LinkedHashMap<>();
    private boolean closed;

    Draft begin(String prefix, String name, boolean gate) {
        mustBeOpen();
        Draft draft = new Draft(this, prefix + name, Caller.now(), gate);
        drafts.add(draft);
        note(draft.place, (gate ? "gate " : "stage ") + NameRule.shown(name), NameRule.ofStage(name));
        return draft;
    }

    void begin(ParameterDeclaration<?> parameter) {
        mustBeOpen();
        Place place = Place.ofCaller();
        openParameters.put(parameter, place);
        String subject = "parameter " + NameRule.shown(parameter.name());
        note(place, subject, NameRule.ofParameter(parameter.name()));
        note(place, subject, seen(parameterPlaces.putIfAbsent(parameter.name(), place)));
    }

    void add(Secret secret) {
        mustBeOpen();
        Place place = Place.ofCaller();
        note(place, "secret \"" + secret.name() + "\"", seen(secretPlaces.putIfAbsent(secret.name(), place)));
        secrets.add(secret);
    }

    void add(Lock lock) {
        mustBeOpen();
        Place place = Place.ofCaller();
        note(place, "lock " + NameRule.shown(lock.name()), NameRule.ofPipeline(lock.name()));
        note(place, "lock " + NameRule.shown(lock.name()), seen(lockPlaces.putIfAbsent(lock.name(), place)));
    }

    void add(ParameterDeclaration<?> ended, Parameter<?> parameter) {
        mustBeOpen();
        if (openParameters.remove(ended) == null) {
            throw new IllegalStateException("parameter \"" + parameter.name() + "\" has already been ended");
        }
        parameters.add(parameter);
    }

    void add(Declaration declaration) {
        mustBeOpen();
        declarations.add(declaration);
    }

    void note(Place place, String subject, Optional<String> problem) {
        problem.ifPresent(end -> slips.add(new Slip(place, subject + " " + end)));
    }

    void mustBeOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the pipeline is already defined: declare stages inside the lambda given to Pipeline.define");
        }
    }

    void close() {
        drafts.stream()
                .filter(draft -> !draft.isFinished())
                .map(Draft::unfinished)
                .forEach(declarations::add);
        openParameters.forEach((parameter, place) -> slips.add(new Slip(
                place,
                "parameter " + NameRule.shown(parameter.name())
                        + " was begun but says neither orElse(…) nor required()")));
        closed = true;
    }

    private static Optional<String> seen(@Nullable Place first) {
        return Optional.ofNullable(first).map(place -> "was declared before, at " + place);
    }
}
