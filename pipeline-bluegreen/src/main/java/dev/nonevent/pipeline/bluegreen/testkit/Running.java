package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.bluegreen.worker.WorkerState;
import dev.nonevent.pipeline.deployment.Instance;
import java.util.Optional;

/** One running copy of a release. Owned by the world's monitor. */
final class Running {

    final String application;
    final Instance instance;
    final String artifact;
    final FakeRelease release;
    private Optional<Long> servesSince = Optional.empty();
    private boolean ended;
    private boolean answered;
    /** What its worker was told last. */
    Optional<WorkerState> worker = Optional.empty();

    Running(String application, Instance instance, String artifact, FakeRelease release) {
        this.application = application;
        this.instance = instance;
        this.artifact = artifact;
        this.release = release;
        this.ended = !release.lives();
    }

    /** Its next life, in the same place. */
    Running again() {
        int life = Integer.parseInt(instance.id().substring(instance.id().indexOf('@') + 1)) + 1;
        String identity = instance.id().replaceFirst("@.*", "@" + life);
        Instance next = new Instance(identity, instance.deployment(), instance.address());
        return new Running(application, next, artifact, release);
    }

    void end() {
        ended = true;
    }

    /** Whether it runs at this moment of the clock, in nanoseconds. */
    boolean lives(long at) {
        return !ended && !(endsAt().isPresent() && at >= endsAt().get());
    }

    /** The part of the time between two moments in which it ran. */
    double livedBetween(long from, long until) {
        if (ended || until <= from) {
            return ended ? 0 : 1;
        }
        long end = Math.min(until, endsAt().orElse(until));
        return Math.max(0, end - from) / (double) (until - from);
    }

    private Optional<Long> endsAt() {
        return servesSince.flatMap(since -> release.serves().map(time -> since + time.toNanos()));
    }

    void answered() {
        answered = true;
    }

    boolean hasAnswered() {
        return answered;
    }

    void servesFrom(long at) {
        if (servesSince.isEmpty()) {
            servesSince = Optional.of(at);
        }
    }

    boolean hasServed() {
        return servesSince.isPresent();
    }
}
