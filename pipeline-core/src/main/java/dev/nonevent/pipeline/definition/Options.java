package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceUrl;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.work.Cleanup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was said about a stage or gate besides its edges and its verb.
 *
 * @param executor where its commands run; empty: where the runner says
 * @param secretEnvironment variables whose value is a secret
 * @param secrets what its code may reveal, those of the environment included
 * @param services what must run beside its commands, in the order it was named
 * @param serviceEnvironment variables with the address of a service in them
 * @param scheduling when it may start, and start again
 * @param withoutGates why a deploy is guarded by no gate
 */
public record Options(
        List<Condition> conditions,
        Optional<Duration> timeout,
        Map<String, String> environment,
        Map<String, Secret> secretEnvironment,
        Set<Secret> secrets,
        Optional<CommandExecutor> executor,
        List<Service> services,
        Map<String, ServiceUrl> serviceEnvironment,
        Optional<Cleanup> cleanup,
        Scheduling scheduling,
        Optional<String> withoutGates) {

    public Options {
        conditions = List.copyOf(conditions);
        environment = Map.copyOf(environment);
        secretEnvironment = Map.copyOf(secretEnvironment);
        secrets = Set.copyOf(secrets);
        services = List.copyOf(services);
        serviceEnvironment = Map.copyOf(serviceEnvironment);
    }
}
