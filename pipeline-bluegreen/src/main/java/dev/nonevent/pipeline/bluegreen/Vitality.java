package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import java.util.Optional;

/**
 * Whether an instance that was proven before is fit to be given traffic, asked afresh. Of several replicas one is enough: a way
 * back to fewer of them is better than none.
 */
final class Vitality {

    /** One lost packet must not keep users on a failing release; three in a row are no accident. */
    static final int QUESTIONS = 3;

    private Vitality() {}

    /**
     * Whether a release that was proven before answers. One that was started again since is given the time that a new one
     * has to get ready.
     */
    static boolean stillAnswers(Site site, Operation proven) throws InterruptedException {
        HealthCheck health = site.options().health();
        long began = site.time().nanos();
        while (true) {
            Optional<Operation> today = site.today(proven);
            if (today.isEmpty()) {
                return false;
            } else if (answers(site, today.get().instance())) {
                return true;
            } else if (today.get().instance().equals(proven.instance())
                    || site.time().nanos() - began >= health.within().toNanos()) {
                return false;
            }
            site.time().sleep(health.every());
        }
    }

    static boolean answers(Site site, Optional<Instance> instance) throws InterruptedException {
        if (instance.isEmpty()) {
            return false;
        }
        for (int asked = 0; asked < QUESTIONS && site.isRunning(instance.get()); asked++) {
            boolean fit =
                    site.options().health().probeAny(instance.get()).problem().isEmpty();
            site.watchdog().progress();
            if (fit) {
                return site.isRunning(instance.get());
            }
        }
        return false;
    }
}
