package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.Instance;
import java.util.Optional;

/** Whether an instance is fit to be given traffic, asked afresh. */
final class Vitality {

    /** One lost packet must not keep users on a failing release; three in a row are no accident. */
    static final int QUESTIONS = 3;

    private Vitality() {}

    static boolean answers(Site site, Optional<Instance> instance) throws InterruptedException {
        if (instance.isEmpty()) {
            return false;
        }
        for (int asked = 0; asked < QUESTIONS && site.isRunning(instance.get()); asked++) {
            boolean fit =
                    site.options().health().probe(instance.get()).problem().isEmpty();
            site.watchdog().progress();
            if (fit) {
                return site.isRunning(instance.get());
            }
        }
        return false;
    }
}
