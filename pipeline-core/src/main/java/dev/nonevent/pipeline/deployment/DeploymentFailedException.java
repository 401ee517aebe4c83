package dev.nonevent.pipeline.deployment;

import java.util.List;

/** A release was refused or rolled back. The message says why and where traffic is. */
public final class DeploymentFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> details;

    public DeploymentFailedException(String sentence, List<String> details) {
        super(sentence);
        this.details = List.copyOf(details);
    }

    /** What helps to find the cause: the last lines the instance printed. */
    public List<String> details() {
        return details;
    }
}
