package dev.nonevent.pipeline.deployment;

import java.util.List;
import java.util.Optional;

/** A release was refused or rolled back. The message says why and where traffic is. */
public final class DeploymentFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> details;
    private final transient Optional<DeploymentRecord> deployment;

    public DeploymentFailedException(String sentence, List<String> details) {
        this(sentence, details, Optional.empty());
    }

    /** @param deployment what the ledger has about it, with the measured times */
    public DeploymentFailedException(String sentence, List<String> details, Optional<DeploymentRecord> deployment) {
        super(sentence);
        this.details = List.copyOf(details);
        this.deployment = deployment;
    }

    /** What helps to find the cause: the last lines the instance printed. */
    public List<String> details() {
        return details;
    }

    /** The deployment as data, with the measured times; empty if none was begun. */
    public Optional<DeploymentRecord> deployment() {
        return deployment;
    }
}
