package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.judge.MetricSource;
import dev.nonevent.pipeline.bluegreen.judge.Reading;
import dev.nonevent.pipeline.bluegreen.judge.Readings;
import dev.nonevent.pipeline.bluegreen.judge.Subject;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the sources of a judge during a bake, each on a thread of its own: one that is slow must not keep the judge from
 * looking at the counts. For one caller thread.
 */
final class Lookout implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(15);

    /** For one answer, and for the last answers of all when the bake is over. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration A_MOMENT = Duration.ofMillis(5);

    private final TimeSource time;
    private final Subject subject;
    private final List<Asked> sources;
    private Readings readings = Readings.none();
    private boolean over;
    private long overAt;

    Lookout(TimeSource time, List<MetricSource> sources, Subject subject) {
        this.time = time;
        this.subject = subject;
        this.sources = sources.stream().map(Asked::new).toList();
    }

    /** What they answered so far; waits a moment at most. The first question comes late enough to be about this release. */
    Readings look() throws InterruptedException {
        for (Asked source : sources) {
            source.look();
        }
        return readings;
    }

    /**
     * Says that the bake is over, and answers whether all have been heard after that. A source that is unknown is asked
     * again until it has had its time; then it stays unknown.
     */
    boolean isComplete() throws InterruptedException {
        if (!over) {
            over = true;
            overAt = time.nanos();
        }
        look();
        return sources.stream().allMatch(source -> source.heard);
    }

    @Override
    public void close() {
        sources.forEach(source -> source.thread.shutdownNow());
    }

    private final class Asked {

        private final MetricSource source;
        private final ExecutorService thread;
        private @Nullable Future<Reading> question;
        private long askedAt = time.nanos();
        private boolean askedWhenOver;
        private boolean heard;

        Asked(MetricSource source) {
            this.source = source;
            this.thread = Executors.newSingleThreadExecutor(runnable -> {
                Thread asking = new Thread(runnable, "metric");
                asking.setDaemon(true);
                return asking;
            });
        }

        void look() throws InterruptedException {
            if (heard) {
                return;
            }
            if (question != null) {
                harvest(question);
            } else if (isDue()) {
                askedAt = time.nanos();
                askedWhenOver = over;
                question = thread.submit(() -> source.read(subject));
                harvest(question);
            }
            if (over && !heard && time.nanos() - overAt >= PATIENCE.toNanos()) {
                heard = true;
                if (question != null) {
                    giveUp(question);
                }
            }
        }

        private boolean isDue() {
            long since = time.nanos() - askedAt;
            return over ? !askedWhenOver || since >= AGAIN.toNanos() : since >= EVERY.toNanos();
        }

        private void harvest(Future<Reading> asked) throws InterruptedException {
            try {
                heard(asked.get(A_MOMENT.toNanos(), TimeUnit.NANOSECONDS));
            } catch (ExecutionException e) {
                heard(new Reading.Unknown("broke: " + e.getCause()));
            } catch (TimeoutException e) {
                if (time.nanos() - askedAt >= PATIENCE.toNanos()) {
                    giveUp(asked);
                }
            }
        }

        private void giveUp(Future<Reading> asked) {
            asked.cancel(true);
            heard(new Reading.Unknown("did not answer within " + Sentences.duration(PATIENCE)));
        }

        private void heard(Reading reading) {
            question = null;
            readings = readings.and(source, reading);
            heard |= askedWhenOver && reading.known().isPresent();
        }
    }
}
