package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry.Observed;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.report.DeploymentReport;
import dev.nonevent.pipeline.bluegreen.report.DeploymentReport.Purpose;
import dev.nonevent.pipeline.bluegreen.report.Ending;
import dev.nonevent.pipeline.bluegreen.report.Ending.Way;
import dev.nonevent.pipeline.bluegreen.report.Evidence;
import dev.nonevent.pipeline.bluegreen.report.Moment;
import dev.nonevent.pipeline.bluegreen.report.Side;
import dev.nonevent.pipeline.bluegreen.report.Times;
import dev.nonevent.pipeline.bluegreen.report.Users;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Every deployment's report, worked out from the ledger and from nothing else. */
final class Reports {

    private final Standing standing;
    private final List<Chapter> chapters;

    private Reports(List<LedgerLine> ledger) {
        this.standing = Standing.of(ledger);
        this.chapters = Chapter.of(ledger);
    }

    static Reports of(List<LedgerLine> ledger) {
        return new Reports(ledger);
    }

    /** @param most of them, the latest, oldest first */
    List<DeploymentReport> latest(int most) {
        List<DeploymentReport> reports = new ArrayList<>();
        for (int at = Math.max(0, chapters.size() - most); at < chapters.size(); at++) {
            reports.add(report(at));
        }
        return List.copyOf(reports);
    }

    /** The last one with this name. */
    DeploymentReport of(Operation operation) {
        for (int at = chapters.size() - 1; at >= 0; at--) {
            if (chapters.get(at).begun().filter(operation.begun()::equals).isPresent()) {
                return report(at);
            }
        }
        throw new IllegalStateException("the ledger does not tell how " + operation.name() + " began");
    }

    private DeploymentReport report(int at) {
        Chapter chapter = chapters.get(at);
        return chapter.begun()
                .map(begun -> told(chapter, standing.operation(begun.deployment()), purpose(begun, at)))
                .orElseGet(() -> superseded(chapter));
    }

    private DeploymentReport told(Chapter chapter, Operation operation, Purpose purpose) {
        DeploymentRecord record = standing.record(operation);
        Optional<Instant> ended = record.endedAt().or(() -> takenDownAt(chapter));
        return new DeploymentReport(
                record.release().application(),
                Optional.of(operation.name()),
                record.release(),
                purpose,
                ending(chapter, operation),
                new Times(record.startedAt(), record.switchedAt(), ended, record.detectedIn(), record.restoredIn()),
                users(chapter, operation),
                evidence(chapter),
                timeline(chapter));
    }

    private static Optional<Instant> takenDownAt(Chapter chapter) {
        return chapter.lines().stream()
                .filter(line -> line.entry() instanceof LedgerEntry.TakenDown)
                .map(LedgerLine::at)
                .findFirst();
    }

    /** Nothing was begun. */
    private DeploymentReport superseded(Chapter chapter) {
        LedgerEntry.Superseded entry =
                chapter.last(LedgerEntry.Superseded.class).orElseThrow();
        Instant at = chapter.lines().get(0).at();
        Release release = entry.release();
        return new DeploymentReport(
                release.application(),
                Optional.empty(),
                release,
                Purpose.DEPLOY,
                new Ending(Way.SUPERSEDED, Optional.of(entry.why()), false, observedTraffic(chapter)),
                new Times(at, Optional.empty(), Optional.of(at), Optional.empty(), Optional.empty()),
                new Users(List.of(), List.of(), Optional.empty()),
                List.of(),
                timeline(chapter));
    }

    /** Whoever tries again begins the same release; whoever deploys it again has another run. */
    private Purpose purpose(LedgerEntry.Begun begun, int at) {
        if (begun.purpose() == dev.nonevent.pipeline.bluegreen.ledger.Purpose.ROLL_BACK) {
            return Purpose.ROLL_BACK;
        }
        boolean again = at > 0
                && chapters.get(at - 1)
                        .begun()
                        .filter(before -> before.release().equals(begun.release())
                                && before.blueprint().equals(begun.blueprint()))
                        .map(before -> standing.record(standing.operation(before.deployment())))
                        .filter(before -> !before.succeeded())
                        .isPresent();
        return again ? Purpose.RETRY : Purpose.DEPLOY;
    }

    private Ending ending(Chapter chapter, Operation operation) {
        boolean recovered = chapter.has(LedgerEntry.Acquired.class);
        Way way = way(chapter, operation);
        Optional<List<Ending.Share>> traffic = observedTraffic(chapter).or(() -> restored(chapter, operation, way));
        return new Ending(way, why(chapter), recovered, traffic);
    }

    private Way way(Chapter chapter, Operation operation) {
        if (standing.record(operation).succeeded()) {
            return Way.STABLE;
        } else if (operation.state() == State.NEEDS_HUMAN) {
            return Way.NEEDS_HUMAN;
        } else if (operation.state() != State.ROLLED_BACK) {
            return chapter.has(LedgerEntry.TakingDown.class) ? Way.TAKEN_DOWN : isHeld(chapter) ? Way.HELD : Way.OPEN;
        } else if (why(chapter).filter(Orders::isSupersession).isPresent()) {
            return Way.SUPERSEDED;
        } else if (chapter.has(LedgerEntry.Refused.class)) {
            return Way.REFUSED;
        }
        return operation.switchedAt().isPresent() ? Way.ROLLED_BACK : Way.UNDONE;
    }

    private static boolean isHeld(Chapter chapter) {
        return chapter.lines().get(chapter.lines().size() - 1).entry() instanceof LedgerEntry.Held;
    }

    /** Who recovers it writes down that the process died; what was wrong with the release was written before. */
    private static Optional<String> why(Chapter chapter) {
        return chapter.last(LedgerEntry.Committed.class)
                .map(LedgerEntry.Committed::evidence)
                .or(() -> chapter.last(LedgerEntry.NeedsHuman.class).map(LedgerEntry.NeedsHuman::why))
                .or(() -> chapter.last(LedgerEntry.SwitchingBack.class).map(LedgerEntry.SwitchingBack::reason))
                .or(() -> chapter.last(LedgerEntry.Refused.class).map(LedgerEntry.Refused::reason))
                .or(() -> chapter.last(LedgerEntry.Removing.class).map(LedgerEntry.Removing::reason))
                .or(() -> chapter.last(LedgerEntry.Held.class).map(LedgerEntry.Held::why));
    }

    private Optional<List<Ending.Share>> observedTraffic(Chapter chapter) {
        return chapter.closing()
                .map(observed -> observed.shares().stream()
                        .map(share -> new Ending.Share(side(share.colour(), share.deployment()), share.percent()))
                        .toList());
    }

    /** Nobody has looked since; but a switch that was read back is known. */
    private Optional<List<Ending.Share>> restored(Chapter chapter, Operation operation, Way way) {
        Optional<Target> target = way == Way.STABLE
                ? operation.target()
                : chapter.last(LedgerEntry.SwitchingBack.class)
                        .filter(back -> chapter.has(LedgerEntry.SwitchedBack.class))
                        .map(LedgerEntry.SwitchingBack::to);
        return target.map(found -> List.of(new Ending.Share(side(found.colour(), found.deployment()), 100)));
    }

    private Users users(Chapter chapter, Operation operation) {
        boolean given = chapter.has(LedgerEntry.Switching.class) || chapter.has(LedgerEntry.Shifting.class);
        Set<Side> sides = new LinkedHashSet<>();
        operation.target().filter(target -> given).map(this::side).ifPresent(sides::add);
        standing.predecessor(operation)
                .or(() -> operation.begun().replaces().map(standing::operation).flatMap(Operation::target))
                .map(this::side)
                .ifPresent(sides::add);
        return new Users(
                sides.stream()
                        .map(side -> new Users.Served(side, answers(chapter, operation, side.deployment())))
                        .toList(),
                drained(chapter),
                chapter.closingLine().map(LedgerLine::at));
    }

    private List<Users.Drained> drained(Chapter chapter) {
        Stream<Users.Drained> forward = chapter.all(LedgerEntry.Drained.class)
                .map(each -> new Users.Drained(side(each.old()), each.finished(), each.cut()));
        Stream<Users.Drained> back = chapter.closing().flatMap(Observed::drained).stream()
                .map(each -> new Users.Drained(side(each.deployment()), each.finished(), each.cut()));
        return Stream.concat(forward, back).toList();
    }

    /** Of what it was asked before, only the difference: a release that was there before has answered others, too. */
    private static Optional<Users.Answers> answers(Chapter chapter, Operation operation, String deployment) {
        boolean began = deployment.equals(operation.name());
        if (chapter.closing().isEmpty() || (!began && chapter.opening().isEmpty())) {
            return Optional.empty();
        }
        Optional<Observed.Count> end = count(chapter.closing(), deployment);
        Observed.Count zero = count(chapter.opening(), deployment)
                .orElseGet(() -> new Observed.Count(Colour.BLUE, deployment, 0, 0, 0));
        return end.map(count -> isComplete(chapter)
                ? new Users.Answers(
                        count.requests() - zero.requests(),
                        count.failed() - zero.failed(),
                        count.replayed() - zero.replayed(),
                        true)
                : new Users.Answers(count.requests(), count.failed(), count.replayed(), false));
    }

    /** Whatever one of them has lost, the other one has lost too. */
    private static boolean isComplete(Chapter chapter) {
        boolean fewer = chapter.opening().stream()
                .flatMap(opening -> opening.counts().stream())
                .anyMatch(before -> count(chapter.closing(), before.deployment())
                        .filter(now -> now.requests() < before.requests() || now.failed() < before.failed())
                        .isPresent());
        return !fewer && !chapter.closing().orElseThrow().startedAgain();
    }

    private static Optional<Observed.Count> count(Optional<Observed> observed, String deployment) {
        return observed.flatMap(seen -> seen.counts().stream()
                .filter(count -> count.deployment().equals(deployment))
                .findFirst());
    }

    private static List<Evidence> evidence(Chapter chapter) {
        List<Evidence> evidence = new ArrayList<>();
        for (LedgerLine line : chapter.lines()) {
            if (line.entry() instanceof LedgerEntry.FreezePassed passed) {
                evidence.add(new Evidence(Evidence.Of.FREEZE, passed.sentence()));
            } else if (line.entry() instanceof LedgerEntry.Healthy healthy) {
                evidence.add(new Evidence(Evidence.Of.HEALTH, healthy.evidence()));
            } else if (line.entry() instanceof LedgerEntry.Refused refused) {
                evidence.add(new Evidence(Evidence.Of.HEALTH, refused.reason()));
            } else if (line.entry() instanceof LedgerEntry.Committed committed) {
                evidence.add(new Evidence(Evidence.Of.JUDGEMENT, committed.evidence()));
            } else if (line.entry() instanceof LedgerEntry.SwitchingBack back) {
                evidence.add(new Evidence(Evidence.Of.JUDGEMENT, back.reason()));
            }
        }
        return evidence;
    }

    private static List<Moment> timeline(Chapter chapter) {
        return chapter.lines().stream()
                .map(line -> new Moment(line.at(), line.entry().getClass().getSimpleName(), Narration.of(line.entry())))
                .toList();
    }

    private Side side(Target target) {
        return side(target.colour(), target.deployment());
    }

    private Side side(Colour colour, String deployment) {
        return new Side(
                colour,
                deployment,
                standing.known(deployment).map(Operation::release).map(Release::version));
    }

    private Side side(String deployment) {
        return side(standing.operation(deployment).colour(), deployment);
    }
}
