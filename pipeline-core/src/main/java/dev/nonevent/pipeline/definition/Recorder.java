package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Parameter;
import java.util.ArrayList;
import java.util.List;

/** Writes down what one {@code define} says; shared by the scopes of its components. */
final class Recorder {

    final List<Declaration> declarations = new ArrayList<>();
    final List<Draft> drafts = new ArrayList<>();
    final List<Parameter<?>> parameters = new ArrayList<>();
    final List<Secret> secrets = new ArrayList<>();
    final List<Hook> hooks = new ArrayList<>();
    private boolean closed;

    Draft begin(String name, boolean gate) {
        mustBeOpen();
        Draft draft = new Draft(this, name, Place.ofCaller(), gate);
        drafts.add(draft);
        return draft;
    }

    void add(Declaration declaration) {
        mustBeOpen();
        declarations.add(declaration);
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
        closed = true;
    }
}
