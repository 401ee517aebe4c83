package dev.nonevent.pipeline.bluegreen;

import java.time.Duration;
import java.util.Optional;

/**
 * What follows as soon as users have a release, while it is watched: its workers take over, then the hooks after the switch run.
 * For one caller thread.
 */
final class Arrival implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(25);

    /** For workers that cannot be told, where no bake gives them time. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Site site;
    private final HookSeries hooks;
    private final Handover handover;
    /** A way back waits for nobody's worker. */
    private final boolean isRollBack;

    Arrival(Site site, Operation operation) {
        this.site = site;
        this.hooks = new Hooks(site, operation).afterSwitch();
        this.handover = new Handover(site);
        this.isRollBack = operation.isRollBack();
    }

    /** Goes on with it. @return why the release must not stay, if it must not */
    Optional<String> look() throws InterruptedException {
        handover.look();
        return isHandedOver() ? hooks.look() : Optional.empty();
    }

    /** Whether there is nothing more to wait for, be it because somebody does not listen. */
    boolean isOver() {
        return hooks.isComplete() && isHandedOver();
    }

    private boolean isHandedOver() {
        return handover.isComplete() || handover.problem().isPresent();
    }

    /** Why its workers have not taken over, if they have not when it {@link #isOver}. */
    Optional<String> unheard() {
        return handover.isComplete() || isRollBack ? Optional.empty() : handover.problem();
    }

    /** Waits for all of it. @return why the release must not stay, if it must not */
    Optional<String> await() throws InterruptedException {
        long began = site.time().nanos();
        Duration patience = isRollBack ? Duration.ZERO : PATIENCE;
        while (true) {
            Optional<String> failed = look();
            boolean waited = site.time().nanos() - began >= patience.toNanos();
            if (failed.isPresent()) {
                return failed;
            } else if (isOver() && (handover.isComplete() || waited)) {
                return unheard();
            }
            site.time().sleep(LOOK);
        }
    }

    @Override
    public void close() {
        hooks.close();
        handover.close();
    }
}
