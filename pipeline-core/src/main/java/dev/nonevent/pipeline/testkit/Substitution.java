package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.definition.Body;
import dev.nonevent.pipeline.definition.Code;
import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.Options;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceUrl;
import dev.nonevent.pipeline.time.TimeSource;
import dev.nonevent.pipeline.work.Work0;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Puts what is of the test in the place of what touches the world: executors, services, and the work of stages that the test
 * does itself.
 *
 * @param works by the name of the stage
 */
record Substitution(CommandBook book, TimeSource time, Map<String, Work0<?>> works)
        implements UnaryOperator<Declaration> {

    @Override
    public Declaration apply(Declaration declaration) {
        return new Declaration(
                declaration.handle(),
                deed(declaration),
                declaration.inputs(),
                declaration.gates(),
                declaration.after(),
                options(declaration.name(), declaration.options()));
    }

    private Deed deed(Declaration declaration) {
        Work0<?> work = works.get(declaration.name());
        if (work == null) {
            return declaration.deed();
        }
        Body<?> body = (context, inputs) -> work.run(context);
        return new Deed.Work(new Code(List.of(work.getClass().getNestHost())), body);
    }

    private Options options(String stage, Options said) {
        CommandExecutor instead = said.executor().orElseGet(LocalExecutor::local);
        Map<String, ServiceUrl> urls = new LinkedHashMap<>();
        said.serviceEnvironment()
                .forEach((variable, url) ->
                        urls.put(variable, new ServiceUrl(FakeService.of(url.service()), url.template())));
        List<Service> services =
                said.services().stream().<Service>map(FakeService::of).toList();
        return new Options(
                said.conditions(),
                said.timeout(),
                said.environment(),
                said.secretEnvironment(),
                said.secrets(),
                Optional.of(new StageExecutor(stage, instead, book, time)),
                services,
                urls,
                said.cleanup(),
                said.scheduling(),
                said.withoutGates());
    }
}
