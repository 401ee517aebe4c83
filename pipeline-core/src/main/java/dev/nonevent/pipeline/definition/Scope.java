package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Secret;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Where a pipeline is declared; alive only inside the lambda given to {@link Pipeline#define}. */
@CheckReturnValue
public final class Scope {

    private final Recorder recorder;
    private final String prefix;

    Scope(Recorder recorder, String prefix) {
        this.recorder = recorder;
        this.prefix = prefix;
    }

    /** Begins a stage; it ends with {@code run} or {@code deploy}. */
    public StageDeclaration0 stage(String name) {
        return new StageDeclaration0(recorder.begin(prefix, name, false));
    }

    /** Begins a gate; it ends with {@code check}. */
    public GateDeclaration0 gate(String name) {
        return new GateDeclaration0(recorder.begin(prefix, name, true));
    }

    /**
     * Begins one stage for each key, side by side; it ends with {@code run} and is a map in the order of the keys.
     *
     * @param keys at least one, no two the same; their text becomes part of the cells' names
     */
    public <K> EachDeclaration0<K> each(String name, Collection<? extends K> keys) {
        Draft draft = recorder.begin(prefix, name, false);
        Set<K> distinct = new LinkedHashSet<>(keys);
        if (keys.isEmpty() || distinct.size() != keys.size() || distinct.contains(null)) {
            throw new IllegalArgumentException(
                    draft.title() + ": each needs at least one key, no key twice and no null, was " + keys);
        }
        distinct.forEach(key -> recorder.note(
                draft.place,
                draft.title() + ": the key " + NameRule.shown(String.valueOf(key)),
                NameRule.ofText(String.valueOf(key))));
        return new EachDeclaration0<>(draft, List.copyOf(keys));
    }

    /** Names a secret; its value is looked up when the run starts, and a missing one stops it before anything runs. */
    public Secret secret(String name) {
        Secret secret = new Secret(name);
        recorder.add(secret);
        return secret;
    }

    /** Names a lock that is waited for: {@link Lock.Policy#QUEUE}. */
    public Lock lock(String name) {
        return lock(name, Lock.Policy.QUEUE);
    }

    /**
     * Names a lock, for all pipelines under one home.
     *
     * @param name lower case letters, digits and dashes
     */
    public Lock lock(String name, Lock.Policy policy) {
        Lock lock = new Lock(name, policy);
        recorder.add(lock);
        return lock;
    }

    /**
     * Names a typed parameter.
     *
     * @param type String, a number, Boolean, an enum, Duration, Path, URI or a record (given as JSON)
     */
    public <T> ParameterDeclaration<T> parameter(String name, Class<T> type) {
        ParameterDeclaration<T> parameter = new ParameterDeclaration<>(recorder, name, type);
        recorder.begin(parameter);
        return parameter;
    }

    /** Declares what the component declares, with this prefix before each name, and hands on its handles. */
    @CanIgnoreReturnValue
    public <R> R include(String name, Function<? super Scope, ? extends R> component) {
        recorder.mustBeOpen();
        recorder.note(Place.ofCaller(), "component " + NameRule.shown(name), NameRule.ofStage(name));
        return component.apply(new Scope(recorder, prefix + name + "/"));
    }

    /** After every run. */
    public void onFinish(Hook.Action action) {
        hook("onFinish", ends -> true, action);
    }

    /** After a run that passed. */
    public void onSuccess(Hook.Action action) {
        hook("onSuccess", ends -> ends.now().hasPassed(), action);
    }

    /** After a run that was blocked, failed or errored. */
    public void onFailure(Hook.Action action) {
        hook("onFailure", ends -> ends.now().failed().isPresent(), action);
    }

    /** After a run that was stopped. */
    public void onAborted(Hook.Action action) {
        hook("onAborted", ends -> ends.now() instanceof Outcome.Aborted, action);
    }

    /** After the first good run that follows a bad one. */
    public void onFixed(Hook.Action action) {
        hook("onFixed", ends -> ends.now().hasPassed() && !ends.wasGood(), action);
    }

    /** After the first bad run that follows a good one. */
    public void onRegression(Hook.Action action) {
        hook("onRegression", ends -> ends.now().failed().isPresent() && ends.wasGood(), action);
    }

    /** After a run in which a deployment had given its release to users and brought them back by itself. */
    public void onRollback(Hook.Action action) {
        hook("onRollback", Hook.Ends::rolledBack, action);
    }

    private void hook(String when, Predicate<Hook.Ends> applies, Hook.Action action) {
        recorder.mustBeOpen();
        recorder.hooks.add(new Hook(when, Place.ofCaller(), applies, action));
    }
}
