package dev.nonevent.pipeline.bluegreen.traffic;

import dev.nonevent.pipeline.outcome.InfrastructureException;

/** Nobody can say where traffic is. Unknown is never permission: whoever gets this removes nothing. */
public final class TrafficUnknownException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    public TrafficUnknownException(String sentence) {
        super(sentence);
    }

    public TrafficUnknownException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
