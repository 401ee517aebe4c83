package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.Approvals;
import dev.nonevent.pipeline.run.OpenRuns;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/** {@code approve}: answers a run that waits for a person, which another process may be carrying out. */
final class ApproveCommand implements Command {

    static final String REJECT = "--reject";
    static final String COMMENT = "--comment";
    static final String DIGEST = "--digest";

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        Approvals approvals = Approvals.in(settings.home());
        String run = arguments.matchedPositionalValue(0, "");
        if (run.isEmpty()) {
            settings.result(all(approvals.open(), settings));
            return ExitCode.PASSED;
        }
        try {
            Approvals.Asked asked = one(approvals, run, arguments.matchedPositionalValue(1, ""));
            Approvals.Answer answer = answer(asked, arguments, settings);
            approvals.answer(answer);
            settings.result(asked.stage() + " of run " + asked.run()
                    + (answer.approved() ? " is approved: " : " is rejected: ") + asked.digest());
            nobodyAtWork(plan, asked.run(), settings).ifPresent(settings::progress);
            return ExitCode.PASSED;
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()));
        }
    }

    /** An answer to a run that was killed stays, and is read when somebody goes on with it. */
    private static Optional<String> nobodyAtWork(Plan plan, String run, Settings settings) {
        return OpenRuns.of(settings.home(), plan.pipeline().name()).all().stream()
                .filter(open -> open.run().equals(run) && !open.underWay())
                .map(open -> "no process is at work on this run; to go on with it: resume " + run)
                .findFirst();
    }

    private static Approvals.Asked one(Approvals approvals, String run, String stage) {
        List<Approvals.Asked> ofRun = approvals.open().stream()
                .filter(asked -> asked.run().equals(run))
                .toList();
        if (!stage.isEmpty() || ofRun.isEmpty()) {
            return approvals.of(run, stage);
        } else if (ofRun.size() > 1) {
            throw new UsageException("say which: "
                    + ofRun.stream().map(asked -> "\"" + asked.stage() + "\"").collect(Collectors.joining(" or ")));
        }
        return ofRun.get(0);
    }

    private static Approvals.Answer answer(Approvals.Asked asked, ParseResult arguments, Settings settings) {
        String seen = arguments.matchedOptionValue(DIGEST, asked.digest());
        Approvals.Answer yes = asked.approved(
                System.getProperty("user.name", "unknown"),
                arguments.matchedOptionValue(COMMENT, ""),
                settings.time().now());
        return new Approvals.Answer(
                yes.run(), yes.stage(), seen, !arguments.hasMatchedOption(REJECT), yes.who(), yes.comment(), yes.at());
    }

    private static String all(List<Approvals.Asked> open, Settings settings) {
        return open.isEmpty()
                ? "nothing under " + settings.home() + " waits for approval"
                : open.stream().map(ApproveCommand::text).collect(Collectors.joining("\n"));
    }

    private static String text(Approvals.Asked asked) {
        return asked.run() + "  " + asked.stage() + "  asks " + asked.by() + " about " + asked.digest()
                + asked.what().stream().map(line -> "\n  " + line).collect(Collectors.joining());
    }
}
