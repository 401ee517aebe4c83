package dev.nonevent.pipeline.docker.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.model.DockerObjectAccessor;
import com.github.dockerjava.api.model.SecretSpec;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The variables of one command as a secret of the swarm: its managers keep it encrypted, and no inspection shows it. */
record TaskSecret(String id, String name) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    static TaskSecret create(SwarmVisit visit, String name, Command command) {
        String lines = lines(command);
        Engine engine = visit.engine();
        SecretSpec secret = new SecretSpec().withName(name).withLabels(visit.labels());
        // The library would take the bytes of whatever character set this process has.
        DockerObjectAccessor.overrideRawValue(
                secret, "Data", Base64.getEncoder().encodeToString(lines.getBytes(UTF_8)));
        String id = engine.ask(
                        "creating secret " + name,
                        docker -> docker.createSecretCmd(secret).exec())
                .getId();
        return new TaskSecret(id, name);
    }

    /** For a shell to read: {@code export NAME='value'}. Between such quotes nothing has a meaning but the quote. */
    static String lines(Command command) {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, String> each : new TreeMap<>(command.environment()).entrySet()) {
            if (!NAME.matcher(each.getKey()).matches()) {
                throw new InfrastructureException("the variable \"" + each.getKey() + "\" of "
                        + command.argv().get(0) + " has a name that no shell takes, and a task of Swarm gets its"
                        + " variables through one: use letters, digits and underscores");
            }
            lines.append("export ")
                    .append(each.getKey())
                    .append("='")
                    .append(each.getValue().replace("'", "'\\''"))
                    .append("'\n");
        }
        return lines.toString();
    }
}
