package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.List;

/** A service that a stage needs is not there, and what it said last. */
final class ServiceFailure extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> lastLines;

    private ServiceFailure(String sentence, Throwable cause, List<String> lastLines) {
        super(sentence, cause);
        this.lastLines = lastLines;
    }

    static ServiceFailure notStarted(Service service, Throwable thrown, List<String> lastLines) {
        String why =
                thrown instanceof InfrastructureException ? Failure.of(thrown).sentence() : thrown.toString();
        return new ServiceFailure("service " + service.name() + " is not ready: " + why, thrown, lastLines);
    }

    static ServiceFailure ended(Service service, String how, List<String> lastLines) {
        InfrastructureException why = new InfrastructureException(service.description() + " " + how);
        return new ServiceFailure(
                "service " + service.name() + " was ready before; since then it " + how, why, lastLines);
    }

    /** One that could not be started, or has ended, is so for all of the run. */
    @Override
    public boolean mayPass() {
        return false;
    }

    Failure failure() {
        return new Failure(String.valueOf(getMessage()), lastLines, this);
    }
}
