package dev.nonevent.pipeline.bluegreen;

import static dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive.PROCEED;

import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import java.io.IOException;
import java.time.Duration;

/** What a process is about on a {@link ProvingGround} when it dies. */
public enum Errand {
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
    /** A good release that a part of the users has first, then a larger one. */
    CANARY(""),
    /** The same, and it fails the users that it has: the release before it answers them, until all have that again. */
    CANARY_FAILS_USERS(" failing"),
    /** A good release that a person lets wait in its bake, and then go on. */
    PAUSED(""),
    DOWN(""),
    RECOVER(""),
    /** By whoever knows the steps. */
    RECOVER_CANARY("");

    private final String flaw;

    Errand(String flaw) {
        this.flaw = flaw;
    }

    /** Whether the release must never become stable. */
    boolean isBad() {
        return !flaw.isEmpty();
    }

    /** How it is recovered if whoever is about it dies. */
    Errand recovery() {
        return this == CANARY || this == CANARY_FAILS_USERS ? RECOVER_CANARY : RECOVER;
    }

    /**
     * Of a machine so busy that no user gets through to it a good release goes on all the same; a bad one never does.
     *
     * @param number of the release, for an errand that brings one
     */
    void run(ProvingGround ground, int number, Failpoint failpoint) throws IOException, InterruptedException {
        BlueGreen<String> strategy = ground.blueGreen().dyingAt(failpoint);
        Canary<String> canary = ground.canary().dyingAt(failpoint);
        DeploymentContext context = ground.context();
        switch (this) {
            case DEPLOY, FIRST -> strategy.whenInconclusive(PROCEED).deploy(number + flaw, context);
            case REPLACE ->
                strategy.whenInconclusive(PROCEED).keepOld(Duration.ZERO).deploy(number + flaw, context);
            case PAUSED -> paused(ground, failpoint).deploy(number + flaw, context);
            case REFUSED, FAILS_USERS -> fail(strategy, number + flaw, context);
            case ROLL_BACK, ROLL_BACK_COLD -> strategy.rollBack(context);
            case DOWN -> strategy.down(context);
            case CANARY -> canary.whenInconclusive(PROCEED).deploy(number + flaw, context);
            case CANARY_FAILS_USERS -> fail(canary, number + flaw, context);
            case RECOVER -> strategy.recover(context);
            case RECOVER_CANARY -> canary.recover(context);
        }
    }

    private static BlueGreen<String> paused(ProvingGround ground, Failpoint failpoint) {
        BlueGreen<String> strategy = ground.blueGreen().whenInconclusive(PROCEED);
        return strategy.dyingAt(boundary -> {
            failpoint.at(boundary);
            if (boundary.equals("after Switched")) {
                strategy.pause(ground.context());
            } else if (boundary.equals("after Paused")) {
                strategy.promote(ground.context());
            }
        });
    }

    private static void fail(DeploymentStrategy<String, ?> strategy, String release, DeploymentContext context)
            throws InterruptedException {
        try {
            strategy.deploy(release, context);
        } catch (DeploymentFailedException e) {
            return;
        }
        throw new IllegalStateException("a bad release was not noticed");
    }
}
