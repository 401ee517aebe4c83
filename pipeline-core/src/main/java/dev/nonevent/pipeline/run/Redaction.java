package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Masker;
import dev.nonevent.pipeline.secret.Masking;
import java.util.List;

/** The one place every word of a run passes before anybody or any file gets it. */
final class Redaction {

    private final Masking masking;

    Redaction(Masking masking) {
        this.masking = masking;
    }

    String text(String text) {
        return masking.mask(text);
    }

    Outcome outcome(Outcome outcome) {
        return outcome.fold(
                end -> new Outcome.Passed(text(end.note())),
                end -> new Outcome.Blocked(failure(end.failure())),
                end -> new Outcome.Failed(failure(end.failure())),
                end -> new Outcome.Errored(failure(end.failure())),
                end -> new Outcome.Aborted(text(end.why())),
                end -> new Outcome.Skipped(text(end.why())));
    }

    Stream stream(CommandOutput sink) {
        return new Stream(masking.stream(), sink);
    }

    private Failure failure(Failure failure) {
        return new Failure(
                text(failure.sentence()),
                failure.details().stream().map(this::text).toList(),
                failure.cause().map(this::thrown).orElse(null));
    }

    Throwable thrown(Throwable thrown) {
        Throwable masked = MaskedThrowable.of(thrown, this::text);
        return masked != thrown && thrown instanceof DeploymentFailedException failed ? withoutWords(failed) : masked;
    }

    /** What became of the users is still asked for when the words had to be masked. */
    private DeploymentFailedException withoutWords(DeploymentFailedException failed) {
        List<String> details = failed.details().stream().map(this::text).toList();
        DeploymentFailedException masked =
                new DeploymentFailedException(text(String.valueOf(failed.getMessage())), details, failed.deployment());
        masked.setStackTrace(failed.getStackTrace());
        return masked;
    }

    /** Masks bytes on their way, wherever the chunks are cut. */
    static final class Stream {

        private final Masker masker;
        private final CommandOutput sink;

        private Stream(Masker masker, CommandOutput sink) {
            this.masker = masker;
            this.sink = sink;
        }

        void write(byte[] bytes) {
            sink.write(masker.write(bytes));
        }

        void end() {
            sink.write(masker.flush());
        }
    }
}
