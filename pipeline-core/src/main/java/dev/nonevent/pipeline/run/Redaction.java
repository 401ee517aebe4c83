package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Leak;
import dev.nonevent.pipeline.secret.Masker;
import dev.nonevent.pipeline.secret.Masking;
import dev.nonevent.pipeline.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

    /** What is kept of a stage's end is told later, in the summary, to hooks and to whoever asks for the result. */
    Ending ending(Ending ending) {
        return new Ending(outcome(ending.outcome()), ending.value(), ending.byChoice(), ending.took(), ending.log());
    }

    /** Whether the run has any secret. */
    boolean isNeeded() {
        return !masking.isEmpty();
    }

    /** The first place in the file that tells a secret. */
    Optional<Leak> leakIn(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return masking.leakIn(bytes);
        }
    }

    Optional<Leak> leakIn(String text) {
        return masking.leakIn(text);
    }

    /** The secret whose whole value is in the text. */
    Optional<Secret> valueIn(String text) {
        return masking.valueIn(text);
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

        /** Nothing more may come for long: what tells nothing of a secret is not held back any longer. */
        void rest() {
            sink.write(masker.release());
        }

        void end() {
            sink.write(masker.flush());
        }
    }
}
