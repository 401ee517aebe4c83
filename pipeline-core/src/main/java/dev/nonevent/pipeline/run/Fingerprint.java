package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Code;
import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.Options;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.secret.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that what a node makes depends on, as far as anybody can know, part by part. What a lambda has captured and what
 * code of other classes does is not in it.
 */
final class Fingerprint {

    private final Map<String, String> parts = new LinkedHashMap<>();
    private final Redaction redaction;

    private Fingerprint(Redaction redaction) {
        this.redaction = redaction;
    }

    /** The parts of a node whose turn has come, masked, each by what it is: {@code variable DB_URL}. */
    static Map<String, String> of(Node node, Shared shared, ClassFiles classes) {
        Fingerprint print = new Fingerprint(shared.redaction());
        code(node)
                .classes()
                .forEach(type -> print.add(Part.CODE, type.getSimpleName() + ".class", classes.digest(type)));
        print.deed(node.declaration.deed());
        print.options(node.declaration.options(), shared.executor());
        shared.inputs().texts().forEach((name, text) -> print.add(Part.PARAMETER, name, text));
        node.before.forEach(before -> print.add(Part.between(before, node), before.name(), mark(before, node)));
        return print.parts;
    }

    /** Where a declaration is written. */
    static Code code(Node node) {
        return node.declaration.deed().fold(Deed.Work::code, Deed.Check::code, Deed.Deploy::code, missing -> {
            throw new IllegalStateException("a plan lets no declaration without a verb pass");
        });
    }

    /** Of a value that is needed what it is; of anything else whether it has run again. */
    private static String mark(Node before, Node node) {
        String ran = before.record == 0 ? "not run" : "record " + before.record;
        return Part.between(before, node) == Part.NEEDS ? before.digest.orElse(ran) : ran;
    }

    private void deed(Deed deed) {
        add(
                Part.DEED,
                "",
                deed.fold(
                        work -> "run",
                        check -> "check",
                        deploy -> "deploy " + deploy.strategy().description(),
                        missing -> ""));
    }

    private void options(Options options, CommandExecutor usual) {
        add(Part.PLACE, "", options.executor().orElse(usual).description());
        add(
                Part.CONDITIONS,
                "",
                options.conditions().stream().map(Condition::text).collect(Collectors.joining(" and ")));
        options.timeout().ifPresent(limit -> add(Part.TIMEOUT, "", limit.toString()));
        new TreeMap<>(options.environment()).forEach((name, value) -> add(Part.VARIABLE, name, value));
        new TreeMap<>(options.secretEnvironment())
                .forEach((name, secret) -> add(Part.VARIABLE, name, secret.toString()));
        options.serviceEnvironment().forEach((name, url) -> add(Part.VARIABLE, name, url.template()));
        options.services().forEach(service -> add(Part.SERVICE, service.name(), service.description()));
        add(
                Part.SECRETS,
                "",
                options.secrets().stream().map(Secret::name).sorted().collect(Collectors.joining(", ")));
    }

    private void add(Part part, String name, String value) {
        parts.put(part.key(name), redaction.text(value));
    }
}
