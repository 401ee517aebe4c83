package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.Purpose;
import dev.nonevent.pipeline.bluegreen.protocol.Event;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Release;
import java.util.List;
import java.util.Optional;

/** Brings a release to its users. */
final class Deployer {

    private final Site site;

    Deployer(Site site) {
        this.site = site;
    }

    LiveRelease deploy(Blueprint blueprint) throws InterruptedException {
        Release release = release(blueprint);
        new Recovery(site).before(blueprint, release);
        Optional<Operation> same = alreadyLive(blueprint);
        if (same.isPresent()) {
            site.say(same.get().release().version() + " is live already, nothing to do: "
                    + Sentences.traffic(site.standing(), site.route()));
            return live(same.get(), true, Measured.NOTHING);
        }
        return deploy(blueprint, release(blueprint));
    }

    /** What was begun last and did not become stable, once more. */
    LiveRelease retry() throws InterruptedException {
        new Recovery(site).run();
        Operation last = requireRetry(site.standing(), site.application());
        return deploy(last.begun().blueprint(), last.release());
    }

    /** The deployment that can be tried again. */
    static Operation requireRetry(Standing standing, String application) {
        return standing.last()
                .filter(last -> !last.isRollBack() && !last.state().isProven())
                .orElseThrow(() -> new DeploymentFailedException(
                        "there is no deployment of \"" + application + "\" to try again"
                                + standing.last()
                                        .map(last -> ": " + last.release().version() + " is stable")
                                        .orElse("")
                                + "; nothing was changed",
                        List.of()));
    }

    private LiveRelease deploy(Blueprint blueprint, Release release) throws InterruptedException {
        new Permit(site, release).require();
        new Execution(site).follow(Event.MAKE_ROOM);
        LedgerEntry.Begun begun = begun(Purpose.DEPLOY, release, blueprint, Optional.empty());
        Measured measured = carryOut(begun);
        return live(site.standing().operation(begun.deployment()), false, measured);
    }

    /** Users are on the release when this returns, or where they were before it was begun. */
    Measured carryOut(LedgerEntry.Begun begun) throws InterruptedException {
        site.survey().before();
        Execution execution = new Execution(site);
        Findings findings = execution.findings();
        State end = execution.begin(begun);
        if (end == State.DONE) {
            execution.follow(Event.TIDY);
        }
        site.survey().after();
        site.tidy();
        switch (end) {
            case DONE -> {}
            case ROLLED_BACK -> throw failed(begun, undone(begun, findings), findings.details);
            default -> throw failed(begun, findings.end(site), findings.details);
        }
        return findings.measured();
    }

    private String undone(LedgerEntry.Begun begun, Findings findings) {
        if (!findings.unproven) {
            return begun.release().version() + " was refused before it got traffic: " + findings.reason + "; "
                    + findings.end(site);
        }
        String detected = findings.detectedIn
                .map(took -> "detected " + Sentences.duration(took) + " after the first failed request, ")
                .orElse("");
        return "rolled back: " + findings.reason + "; " + detected + findings.end(site)
                + Sentences.whatUsersSaw(site, site.standing().operation(begun.deployment()));
    }

    private Optional<Operation> alreadyLive(Blueprint blueprint) throws InterruptedException {
        Optional<Operation> stable = site.standing()
                .stable()
                .filter(operation -> operation.begun().blueprint().equals(blueprint))
                .filter(operation -> operation.isActive(site.route()));
        return stable.isPresent() && Vitality.stillAnswers(site, stable.get()) ? stable : Optional.empty();
    }

    LedgerEntry.Begun begun(Purpose purpose, Release release, Blueprint blueprint, Optional<Operation> warm) {
        Standing standing = site.standing();
        Colour idle =
                site.route().active().map(active -> active.colour().other()).orElse(Colour.BLUE);
        return new LedgerEntry.Begun(
                standing.nextName(site.application()),
                purpose,
                release,
                warm.map(Operation::colour).orElse(idle),
                blueprint,
                standing.stable().map(Operation::name),
                warm.flatMap(Operation::instance),
                site.options().terms().irreversible().filter(what -> purpose == Purpose.DEPLOY));
    }

    private Release release(Blueprint blueprint) {
        DeploymentContext context = site.context();
        String digest = blueprint.digest();
        String version = context.commit()
                .map(commit -> commit.substring(0, Math.min(7, commit.length())))
                .orElse(digest.substring(digest.indexOf(':') + 1, Math.min(digest.length(), digest.indexOf(':') + 13)));
        return new Release(site.application(), version, digest, context.commit(), context.committedAt(), context.run());
    }

    private DeploymentFailedException failed(LedgerEntry.Begun begun, String sentence, List<String> details) {
        Standing standing = site.standing();
        return new DeploymentFailedException(
                sentence, details, Optional.of(standing.record(standing.operation(begun.deployment()))));
    }

    private LiveRelease live(Operation operation, boolean alreadyLive, Measured measured) {
        Optional<Counts> counts = operation.instance().flatMap(instance -> site.counts(instance.deployment()));
        return new LiveRelease(
                operation.release(),
                operation.colour(),
                site.traffic().address(),
                operation.switchedAt().orElse(operation.startedAt()),
                counts.map(Counts::requests).orElse(0L),
                counts.map(Counts::failed).orElse(0L),
                counts.map(Counts::replayed).orElse(0L),
                alreadyLive,
                measured,
                Reports.of(site.lease().lines()).of(operation));
    }
}
