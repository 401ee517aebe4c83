package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.outcome.InfrastructureException;

/** A program that is not there, or cannot be executed: nobody need try again before somebody has put that right. */
final class CannotStartException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    CannotStartException(String sentence) {
        super(sentence);
    }

    @Override
    public boolean mayPass() {
        return false;
    }
}
