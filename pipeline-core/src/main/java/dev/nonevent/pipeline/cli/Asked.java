package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.work.Parameter;
import dev.nonevent.pipeline.work.Trigger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * What a command line says about a run: of which branch it is, and the parameters that were given.
 *
 * @param parameters text by parameter name, without the dashes
 */
record Asked(Trigger trigger, Map<String, String> parameters) {

    static Asked of(Plan plan, ParseResult arguments) {
        Optional<String> branch = Optional.ofNullable(arguments.matchedOptionValue("--branch", null));
        if (branch.filter(String::isBlank).isPresent()) {
            throw new UsageException("--branch needs a name");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Parameter<?> parameter : plan.pipeline().parameters()) {
            String option = "--" + parameter.name();
            if (arguments.hasMatchedOption(option)) {
                parameters.put(parameter.name(), arguments.matchedOptionValue(option, ""));
            }
        }
        return new Asked(branch.map(Trigger.manual()::onBranch).orElseGet(Trigger::manual), parameters);
    }
}
