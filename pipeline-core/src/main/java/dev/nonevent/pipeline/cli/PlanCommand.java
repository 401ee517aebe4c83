package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Forecast;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.plan.PlanDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ParseResult;

/** {@code plan}: what a run would do, or how that differs from an earlier plan. */
final class PlanCommand implements Command {

    static final String DIFF = "--diff";

    private static final long LARGEST = 16L * 1024 * 1024;

    enum Format {
        TEXT,
        MERMAID,
        DOT,
        JSON
    }

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        settings.result(
                arguments.hasMatchedOption(DIFF)
                        ? difference(plan, arguments.matchedOptionValue(DIFF, ""))
                        : shown(plan, arguments));
        return ExitCode.PASSED;
    }

    private static String shown(Plan plan, ParseResult arguments) {
        return switch (arguments.matchedOptionValue("--format", Format.TEXT)) {
            case TEXT -> plan.text(forecast(plan, arguments));
            case MERMAID -> plan.mermaid();
            case DOT -> plan.dot();
            case JSON -> plan.json();
        };
    }

    private static Forecast forecast(Plan plan, ParseResult arguments) {
        Asked asked = Asked.of(plan, arguments);
        try {
            return plan.forecast(asked.trigger(), asked.parameters());
        } catch (IllegalArgumentException unreadable) {
            throw new UsageException(String.valueOf(unreadable.getMessage()));
        }
    }

    private static String difference(Plan plan, String file) {
        try {
            Path earlier = Path.of(file);
            if (Files.size(earlier) > LARGEST) {
                throw new UsageException(DIFF + " " + file + ": it has more than 16 MiB and is no plan");
            }
            return PlanDiff.since(Files.readString(earlier), plan).text();
        } catch (IOException | InvalidPathException unreadable) {
            throw new UsageException(DIFF + " " + file + " cannot be read as text: " + unreadable);
        } catch (IllegalArgumentException noPlan) {
            throw new UsageException(DIFF + " " + file + ": " + noPlan.getMessage());
        }
    }
}
