package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.text.Nearest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the runs under one home wait for a person to approve. It is kept in files, so that any process answers a run of any other;
 * who may answer is who may write there. Safe for use by several threads and processes: the first answer counts.
 *
 * <pre>{@code
 * Approvals approvals = Approvals.in(Path.of(".nonevent"));
 * Approvals.Asked asked = approvals.of("261124-020903-565", "deploy");
 * approvals.answer(asked.approved("ana", "after the freeze", Instant.now()));
 * }</pre>
 */
public final class Approvals {

    private final Path runs;

    /**
     * A question that is open.
     *
     * @param by who is asked
     * @param digest {@code sha256:…} of what is to be approved
     * @param what is to be approved, for people, one line each
     */
    public record Asked(String run, String stage, String by, String digest, List<String> what, Instant since) {

        public Asked {
            what = List.copyOf(what);
        }

        /** @param comment may be empty */
        public Answer approved(String who, String comment, Instant at) {
            return new Answer(run, stage, digest, true, who, comment, at);
        }

        /** @param comment may be empty */
        public Answer rejected(String who, String comment, Instant at) {
            return new Answer(run, stage, digest, false, who, comment, at);
        }
    }

    /**
     * A person's answer. It counts for this run, this stage and this digest, and for nothing else.
     *
     * @param comment may be empty
     */
    public record Answer(
            String run, String stage, String digest, boolean approved, String who, String comment, Instant at) {}

    private Approvals(Path runs) {
        this.runs = runs;
    }

    /** @param home of the runner */
    public static Approvals in(Path home) {
        return new Approvals(home.toAbsolutePath().normalize().resolve("runs"));
    }

    /** Every question that is open, the oldest run first; also of a run whose process has died, which asks no more but may be resumed. */
    public List<Asked> open() {
        try {
            return list(runs).stream().flatMap(run -> asked(run).stream()).toList();
        } catch (IOException broken) {
            throw new InfrastructureException(
                    "what waits for approval under " + runs + " cannot be read: " + broken, broken);
        }
    }

    /** @throws IllegalArgumentException if that stage of that run waits for nobody, naming what does */
    public Asked of(String run, String stage) {
        List<Asked> open = open();
        List<Asked> ofRun = open.stream().filter(each -> each.run().equals(run)).toList();
        return ofRun.stream()
                .filter(each -> each.stage().equals(stage))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        ofRun.isEmpty()
                                ? "nothing of run " + run + " waits for approval"
                                        + Nearest.hint(
                                                run,
                                                open.stream().map(Asked::run).toList())
                                : "stage \"" + stage + "\" of run " + run + " does not wait for approval"
                                        + Nearest.hint(
                                                stage,
                                                ofRun.stream().map(Asked::stage).toList())));
    }

    /**
     * Gives the answer; when this returns it survives a crash.
     *
     * @throws IllegalArgumentException if nobody asks, something else is asked by now, or somebody was first
     */
    public void answer(Answer answer) {
        Asked asked = of(answer.run(), answer.stage());
        if (!asked.digest().equals(answer.digest())) {
            throw new IllegalArgumentException("stage \"" + asked.stage() + "\" of run " + asked.run() + " asks about "
                    + asked.digest() + ", not about " + answer.digest() + ": look at it again");
        }
        try {
            files(asked).answer(answer);
        } catch (FileAlreadyExistsException first) {
            throw new IllegalArgumentException(
                    "stage \"" + asked.stage() + "\" of run " + asked.run() + " has been answered already");
        } catch (IOException broken) {
            throw new InfrastructureException("the answer could not be written: " + broken, broken);
        }
    }

    private ApprovalFiles files(Asked asked) throws IOException {
        Path directory = directory(runs.resolve(asked.run()));
        for (ApprovalFiles files : all(directory)) {
            if (files.question().filter(asked::equals).isPresent()) {
                return files;
            }
        }
        throw new IllegalArgumentException("stage \"" + asked.stage() + "\" of run " + asked.run() + " asks no more");
    }

    private static List<Asked> asked(Path run) {
        try {
            List<Asked> asked = new ArrayList<>();
            for (ApprovalFiles files : all(directory(run))) {
                Optional<Asked> question = files.question();
                question.filter(each -> each.run().equals(String.valueOf(run.getFileName())))
                        .filter(each -> !files.isAnswered())
                        .ifPresent(asked::add);
            }
            return asked;
        } catch (IOException broken) {
            throw new InfrastructureException("what " + run + " asks cannot be read: " + broken, broken);
        }
    }

    static Path directory(Path run) {
        return run.resolve("approvals");
    }

    private static List<ApprovalFiles> all(Path directory) throws IOException {
        return list(directory).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .filter(name -> name.endsWith(ApprovalFiles.ASKED))
                .map(name ->
                        new ApprovalFiles(directory, name.substring(0, name.length() - ApprovalFiles.ASKED.length())))
                .toList();
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
