package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceUrl;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Cleanup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A declaration while its sentence is still being spoken. */
final class Draft {

    final Recorder recorder;
    final String name;
    final Place place;
    final boolean gate;
    private final Optional<Class<?>> declaredIn;
    final List<Stage<?>> inputs = new ArrayList<>();
    final List<GateHandle> gates = new ArrayList<>();
    final List<Handle> after = new ArrayList<>();
    final List<Condition> conditions = new ArrayList<>();
    final Map<String, String> environment = new LinkedHashMap<>();
    final Map<String, Secret> secretEnvironment = new LinkedHashMap<>();
    final Set<Secret> secrets = new LinkedHashSet<>();
    final Set<Service> services = new LinkedHashSet<>();
    final Map<String, ServiceUrl> serviceEnvironment = new LinkedHashMap<>();
    final SortedMap<String, Lock> locks = new TreeMap<>();

    @Nullable
    Duration timeout;

    @Nullable
    CommandExecutor executor;

    @Nullable
    Cleanup cleanup;

    @Nullable
    Integer retries;

    @Nullable
    String approver;

    @Nullable
    Duration approvedWithin;

    @Nullable
    String withoutGates;

    private boolean finished;

    Draft(Recorder recorder, String name, Caller caller, boolean gate) {
        this.recorder = recorder;
        this.name = name;
        this.place = caller.place();
        this.declaredIn = caller.type();
        this.gate = gate;
    }

    /** Where this is written, together with the object the team gave to the verb. */
    Code code(Object given) {
        return Code.of(declaredIn, given);
    }

    String title() {
        return (gate ? "gate " : "stage ") + NameRule.shown(name);
    }

    boolean isFinished() {
        return finished;
    }

    void needs(Stage<?>... stages) {
        mustBeOpen();
        if (!inputs.isEmpty()) {
            throw new IllegalStateException(title() + " at " + place + " has already said what it needs");
        }
        inputs.addAll(present("needs", stages));
    }

    /** The handles, none of them null: a field that is assigned later is null when it is named too early. */
    <H> List<H> present(String word, H[] handles) {
        if (Arrays.stream(handles).anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    title() + ": " + word + " was given null; declare what it names before it");
        }
        return Arrays.asList(handles);
    }

    void mustBeOpen() {
        recorder.mustBeOpen();
        if (finished) {
            throw new IllegalStateException(title() + " at " + place + " already has its verb; nothing can follow it");
        }
    }

    <T> Stage<T> stage(Deed deed) {
        return finish(new Stage<>(name, place), deed);
    }

    GateHandle gate(Deed.Check deed) {
        return finish(new GateHandle(name, place), deed);
    }

    /** The declaration of a verb that never came. */
    Declaration unfinished() {
        return declaration(gate ? new GateHandle(name, place) : new Stage<>(name, place), new Deed.Missing());
    }

    /** The declaration as it stands, for a name of its own: one cell of a fan-out. */
    Draft cell(String key) {
        Draft cell = new Draft(recorder, name + "[" + key + "]", new Caller(place, declaredIn), false);
        cell.inputs.addAll(inputs);
        cell.gates.addAll(gates);
        cell.after.addAll(after);
        cell.conditions.addAll(conditions);
        cell.environment.putAll(environment);
        cell.secretEnvironment.putAll(secretEnvironment);
        cell.secrets.addAll(secrets);
        cell.services.addAll(services);
        cell.serviceEnvironment.putAll(serviceEnvironment);
        cell.timeout = timeout;
        cell.executor = executor;
        cell.cleanup = cleanup;
        cell.locks.putAll(locks);
        cell.retries = retries;
        return cell;
    }

    private <H extends Handle> H finish(H handle, Deed deed) {
        mustBeOpen();
        if (approvedWithin != null && approver == null) {
            recorder.note(
                    place, title(), Optional.of("says how long an approval is waited for, but not approvedBy(…)"));
        }
        finished = true;
        recorder.add(declaration(handle, deed));
        return handle;
    }

    private Declaration declaration(Handle handle, Deed deed) {
        return new Declaration(
                handle,
                deed,
                inputs,
                gates,
                after,
                new Options(
                        conditions,
                        Optional.ofNullable(timeout),
                        environment,
                        secretEnvironment,
                        secrets,
                        Optional.ofNullable(executor),
                        List.copyOf(services),
                        serviceEnvironment,
                        Optional.ofNullable(cleanup),
                        scheduling(),
                        Optional.ofNullable(withoutGates)));
    }

    private Scheduling scheduling() {
        Duration within = approvedWithin == null ? Approval.USUALLY_WITHIN : approvedWithin;
        return new Scheduling(
                Optional.ofNullable(retries),
                List.copyOf(locks.values()),
                Optional.ofNullable(approver).map(by -> new Approval(by, within)));
    }
}
