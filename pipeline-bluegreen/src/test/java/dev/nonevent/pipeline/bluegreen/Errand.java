package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.io.IOException;
import java.time.Duration;

/** What a process is about on a {@link ProvingGround} when it dies. */
enum Errand {
    /** A good release, with one before it that is kept warm and another one that has to make room. */
    DEPLOY(""),
    /** The same, and the release before it is stopped at once. */
    REPLACE(""),
    /** A release that starts and is healthy, and fails its smoke check. */
    REFUSED(" unfit"),
    /** A release that passes every check and then fails its users: the one before it answers them, until it is rolled back. */
    FAILS_USERS(" failing"),
    /** Back to the release before, which is still warm. */
    ROLL_BACK(""),
    /** Back to the release before, whose process is gone. */
    ROLL_BACK_COLD(""),
    /** The first release there is. */
    FIRST(""),
    DOWN(""),
    RECOVER("");

    private final String flaw;

    Errand(String flaw) {
        this.flaw = flaw;
    }

    /** Whether the release must never become stable. */
    boolean isBad() {
        return !flaw.isEmpty();
    }

    /** @param number of the release, for an errand that brings one */
    void run(ProvingGround ground, int number, Failpoint failpoint) throws IOException, InterruptedException {
        BlueGreen<Artifact> strategy = ground.blueGreen().dyingAt(failpoint);
        DeploymentContext context = ground.context();
        switch (this) {
            case DEPLOY, FIRST -> strategy.deploy(ground.artifact(number + flaw), context);
            case REPLACE -> strategy.keepOld(Duration.ZERO).deploy(ground.artifact(number + flaw), context);
            case REFUSED, FAILS_USERS -> fail(strategy, ground.artifact(number + flaw), context);
            case ROLL_BACK, ROLL_BACK_COLD -> strategy.rollBack(context);
            case DOWN -> strategy.down(context);
            case RECOVER -> strategy.recover(context);
        }
    }

    private static void fail(BlueGreen<Artifact> strategy, Artifact artifact, DeploymentContext context)
            throws InterruptedException {
        try {
            strategy.deploy(artifact, context);
        } catch (DeploymentFailedException e) {
            return;
        }
        throw new IllegalStateException("a bad release was not noticed");
    }
}
