package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.secret.Masking;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.text.Nearest;
import dev.nonevent.pipeline.work.Parameter;
import dev.nonevent.pipeline.work.Trigger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What comes into a run from outside, read and checked before anything runs. */
final class Inputs {

    private final Trigger trigger;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<Secret, String> secrets = new LinkedHashMap<>();

    private Inputs(Trigger trigger) {
        this.trigger = trigger;
    }

    /** @throws InvalidRequestException with every problem at once */
    static Inputs of(Pipeline pipeline, RunRequest request, SecretSource source) {
        Inputs inputs = new Inputs(request.trigger());
        List<String> problems = new ArrayList<>();
        inputs.refuseUnknown(pipeline, request, problems);
        pipeline.parameters().forEach(parameter -> inputs.read(parameter, request, problems));
        secretsOf(pipeline).forEach(secret -> inputs.find(secret, source, problems));
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(pipeline.name(), problems);
        }
        return inputs;
    }

    Trigger trigger() {
        return trigger;
    }

    <T> T value(Parameter<T> parameter) {
        Object value = values.get(parameter.name());
        if (value == null) {
            throw new IllegalArgumentException("parameter \"" + parameter.name() + "\" is not of this pipeline");
        }
        return parameter.type().cast(value);
    }

    /** What each parameter is, in words, by its name. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        values.forEach((name, value) -> texts.put(name, Parameter.text(value)));
        return texts;
    }

    /** Knows every secret of the run. */
    Redaction redaction() {
        return new Redaction(Masking.of(secrets));
    }

    String secret(Secret secret) {
        String value = secrets.get(secret);
        if (value == null) {
            throw new IllegalStateException("secret \"" + secret.name() + "\" was not looked up for this run");
        }
        return value;
    }

    private void refuseUnknown(Pipeline pipeline, RunRequest request, List<String> problems) {
        List<String> known = pipeline.parameters().stream().map(Parameter::name).toList();
        request.parameters().keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .forEach(name -> problems.add("there is no parameter --" + name
                        + Nearest.to(name, known)
                                .map(near -> ": did you mean --" + near + "?")
                                .orElse(
                                        known.isEmpty()
                                                ? ": the pipeline has none"
                                                : ": there is --" + String.join(", --", known))));
    }

    private void read(Parameter<?> parameter, RunRequest request, List<String> problems) {
        String text = request.parameters().get(parameter.name());
        if (text == null) {
            Optional<?> fallback = parameter.fallback();
            if (fallback.isPresent()) {
                values.put(parameter.name(), fallback.get());
            } else {
                problems.add("parameter --" + parameter.name() + " is missing: give --" + parameter.name() + "=…, "
                        + parameter.expected());
            }
            return;
        }
        try {
            values.put(parameter.name(), parameter.read().apply(text));
        } catch (RuntimeException wrong) {
            problems.add(String.valueOf(wrong.getMessage()));
        }
    }

    private void find(Secret secret, SecretSource source, List<String> problems) {
        Optional<String> value = source.find(secret).filter(text -> !text.isBlank());
        if (value.isEmpty()) {
            problems.add("secret \"" + secret.name() + "\" is missing: looked in " + source.whereFor(secret));
            return;
        }
        try {
            Masking.require(secret, value.get());
            secrets.put(secret, value.get());
        } catch (IllegalArgumentException unfit) {
            problems.add(String.valueOf(unfit.getMessage()));
        }
    }

    private static Set<Secret> secretsOf(Pipeline pipeline) {
        Set<Secret> secrets = new LinkedHashSet<>(pipeline.secrets());
        for (Declaration declaration : pipeline.declarations()) {
            secrets.addAll(declaration.options().secrets());
        }
        pipeline.hooks().forEach(hook -> secrets.addAll(hook.action().secrets()));
        return secrets;
    }
}
