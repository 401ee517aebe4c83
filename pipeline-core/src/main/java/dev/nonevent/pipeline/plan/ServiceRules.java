package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.Options;
import dev.nonevent.pipeline.executor.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** What has to hold between stages and the services beside them. */
final class ServiceRules {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final BiConsumer<Declaration, String> found;
    private final Map<String, Service> named = new HashMap<>();

    /** @param found takes the end of a sentence that begins with the stage */
    ServiceRules(BiConsumer<Declaration, String> found) {
        this.found = found;
    }

    void look(List<Declaration> declarations) {
        declarations.stream()
                .filter(declaration -> !declaration.options().services().isEmpty())
                .forEach(this::look);
    }

    private void look(Declaration declaration) {
        Options options = declaration.options();
        options.services().forEach(service -> name(declaration, service));
        options.serviceEnvironment().keySet().stream()
                .filter(name -> options.environment().containsKey(name)
                        || options.secretEnvironment().containsKey(name))
                .sorted()
                .forEach(name -> found.accept(
                        declaration, " sets " + name + " to the address of a service, and to something else"));
        options.executor()
                .ifPresent(executor -> executor.problemsWith(options.services())
                        .forEach(problem -> found.accept(declaration, ": " + problem)));
        if (declaration.deed() instanceof Deed.Deploy) {
            found.accept(
                    declaration,
                    " deploys, and names the service "
                            + options.services().get(0).name()
                            + ": a service runs beside the commands of a stage or gate; name it there");
        }
    }

    /** The name is an address: two of one name would answer for each other. */
    private void name(Declaration declaration, Service service) {
        Service other = named.putIfAbsent(service.name(), service);
        if (!NAME.matcher(service.name()).matches()) {
            found.accept(
                    declaration,
                    " names the service \"" + service.name() + "\": lower case letters, digits and dashes, at most 63,"
                            + " no dash at either end");
        } else if (other != null && !other.equals(service)) {
            found.accept(
                    declaration,
                    " names the service " + service.name() + " (" + service.description()
                            + "), and another of that name is there (" + other.description()
                            + "): give one of them another name");
        }
    }
}
