package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks an instance again and again whether it is healthy, on a thread of its own: an instance that does not answer must not
 * keep the judge from looking at the counts. For one caller thread.
 */
final class Pulse implements AutoCloseable {

    private static final Duration A_MOMENT = Duration.ofMillis(5);

    private final Site site;
    private final Instance instance;
    private final HealthCheck check;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(runnable -> {
        Thread asking = new Thread(runnable, "pulse");
        asking.setDaemon(true);
        return asking;
    });

    private @Nullable Future<Health> question;
    private long nextAt;
    private int bad;

    Pulse(Site site, Instance instance) {
        this.site = site;
        this.instance = instance;
        this.check = site.options().health();
        this.nextAt = site.time().nanos();
    }

    /** Why it is not fit any more: dead, or three bad answers in a row; empty as long as it is. */
    Optional<String> problem() throws InterruptedException {
        if (!site.isRunning(instance)) {
            return Optional.of("its process ended");
        }
        if (question == null && site.time().nanos() - nextAt >= 0) {
            nextAt = site.time().nanos() + check.every().toNanos();
            question = thread.submit(() -> check.probe(instance));
        }
        Optional<String> problem = question == null ? Optional.empty() : answer(question);
        return problem.filter(reason -> bad >= Vitality.QUESTIONS)
                .map(reason -> check.description() + " " + reason + ", " + bad + " times in a row");
    }

    private Optional<String> answer(Future<Health> asked) throws InterruptedException {
        try {
            Optional<String> problem =
                    asked.get(A_MOMENT.toNanos(), TimeUnit.NANOSECONDS).problem();
            question = null;
            bad = problem.isPresent() ? bad + 1 : 0;
            return problem;
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new InfrastructureException("the health check " + check.description() + " broke: " + e.getCause(), e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
