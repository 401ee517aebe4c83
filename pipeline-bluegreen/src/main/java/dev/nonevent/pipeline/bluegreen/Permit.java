package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.freeze.Freezes.Decision;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Release;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a release may be deployed now. A way back is always permitted: nobody asks here for it. */
final class Permit {

    private final Site site;
    private final Release release;

    Permit(Site site, Release release) {
        this.site = site;
        this.release = release;
    }

    /** @throws DeploymentFailedException if it may not; nothing was begun */
    void require() throws InterruptedException {
        requireNewest();
        requireUsers();
        requireNoObjection();
        requireOpenWindow();
    }

    /** Of two runs that overtake each other the newer commit stays, whichever comes last. */
    private void requireNewest() {
        Optional<Operation> newer = site.standing().stable().filter(stable -> isOlder(release, stable.release()));
        if (newer.isPresent()) {
            Instant its = newer.get().release().committedAt().orElseThrow();
            String why = release.version() + " was committed at "
                    + release.committedAt().orElseThrow() + ", before "
                    + newer.get().place() + " (" + its
                    + "), which is stable";
            site.write(new LedgerEntry.Superseded(release, newer.get().name(), why));
            throw refused("SUPERSEDED: " + why, "roll back if you want to go back, or commit it again on top");
        }
    }

    /** By the times of their commits, if both are known. */
    static boolean isOlder(Release release, Release other) {
        return release.committedAt().isPresent()
                && other.committedAt().isPresent()
                && !other.commit().equals(release.commit())
                && release.committedAt().get().isBefore(other.committedAt().get());
    }

    /** With nobody let in nothing would be seen of the release, and it would be taken back in the end. */
    private void requireUsers() {
        Options.Proof proof = site.options().proof();
        boolean judged = proof.judge().filter(judge -> judge.least() > 0).isPresent()
                && proof.whenInconclusive() == WhenInconclusive.ROLL_BACK
                && site.standing().stable().isPresent();
        if (judged && site.route().routing().admission() instanceof Admission.Stopped) {
            throw refused(
                    release.version()
                            + " could not be judged: the traffic is stopped, and users get a maintenance page",
                    "let them in first, or say whenInconclusive(PROCEED) to let the health checks decide");
        }
    }

    private void requireNoObjection() throws InterruptedException {
        for (Terms.Named guard : site.options().terms().guards()) {
            site.step("asking the guard \"" + guard.name() + "\"");
            Optional<String> objection = asked(guard);
            site.watchdog().requireProgress();
            if (objection.isPresent()) {
                throw refused(
                        "the guard \"" + guard.name() + "\" refuses " + release.version() + ": " + objection.get(),
                        "deploy again when it agrees");
            }
        }
    }

    private Optional<String> asked(Terms.Named guard) throws InterruptedException {
        Optional<String> answer;
        try {
            answer = guard.guard().objection(release);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new InfrastructureException(
                    "the guard \"" + guard.name() + "\" could not say whether " + release.version()
                            + " may be deployed, so nothing was begun: " + e,
                    e);
        }
        if (answer == null) {
            throw new InfrastructureException(
                    "the guard \"" + guard.name() + "\" answered null for " + release.version()
                            + ", so nothing was begun; it has to say Optional.empty() if it has nothing against it");
        }
        return answer;
    }

    private void requireOpenWindow() {
        Terms terms = site.options().terms();
        Decision decision = terms.freezes().at(site.time().now(), terms.pass());
        if (decision instanceof Decision.Frozen frozen) {
            throw refused(
                    release.version() + " is not deployed: " + frozen.sentence(), "a rollback is always possible");
        } else if (decision instanceof Decision.Passed passed) {
            site.write(new LedgerEntry.FreezePassed(release, passed.sentence()));
            site.say(passed.sentence());
        }
    }

    private DeploymentFailedException refused(String why, String then) {
        return new DeploymentFailedException(
                why + "; nothing was begun, " + Sentences.traffic(site.standing(), site.route()) + "; " + then,
                List.of());
    }
}
