package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Approval;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person's yes, which a node needs before it starts. Asked once; a yes that was given for the same content before a crash
 * counts. Belongs to whoever has taken the node.
 */
final class Permission {

    /** A person does not notice it, and neither does the disk. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final int LONGEST_LINE = 300;

    private final Node node;
    private final Approval approval;
    private final Shared shared;
    private final ApprovalFiles files;
    private final long until;
    private Approvals.@Nullable Asked asked;

    Permission(Node node, Approval approval, Shared shared) {
        this.node = node;
        this.approval = approval;
        this.shared = shared;
        this.files = new ApprovalFiles(Approvals.directory(shared.folder().directory()), node.slug);
        this.until = shared.time().nanos() + approval.within().toNanos();
    }

    /** Empty once it is there; else how it goes on without it. */
    Optional<Turn> missing(List<Object> inputs) {
        try {
            Approvals.Asked question = asked;
            if (question == null) {
                question = question(inputs);
                Optional<Approvals.Answer> before = answer(question);
                if (before.filter(Approvals.Answer::approved).isPresent()) {
                    tell(before.get());
                    return Optional.empty();
                }
                ask(question);
                return Optional.of(waits());
            }
            return answer(question).map(this::follow).orElseGet(() -> Optional.of(isLate() ? nobodyCame() : waits()));
        } catch (IOException broken) {
            throw new InfrastructureException(
                    "whether " + approval.by() + " approves cannot be asked: " + broken, broken);
        }
    }

    /** Nobody need answer any more. */
    void giveUp() {
        try {
            files.close();
        } catch (IOException broken) {
            Aftermath.note(files.asked() + " stays behind, though nobody need answer it: " + broken, broken, shared);
        }
    }

    private void ask(Approvals.Asked question) throws IOException {
        asked = question;
        if (files.isAnswered()) {
            files.setAside(Long.toString(shared.time().now().toEpochMilli()));
        }
        files.ask(question);
        String run = shared.folder().id().value();
        shared.bus()
                .publish(new RunEvent.ApprovalAwaited(
                        shared.folder().id(),
                        shared.time().now(),
                        node.name(),
                        approval.by(),
                        question.digest(),
                        "approve " + run + " " + (node.name().contains(" ") ? "\"" + node.name() + "\"" : node.name())
                                + ", or with --reject"));
    }

    /** What was answered to this very question; anything else is moved out of the way, and said. */
    private Optional<Approvals.Answer> answer(Approvals.Asked question) throws IOException {
        if (!files.isAnswered()) {
            return Optional.empty();
        }
        Optional<Approvals.Answer> answer = files.answer()
                .filter(each -> each.run().equals(question.run())
                        && each.stage().equals(question.stage())
                        && each.digest().equals(question.digest()));
        if (answer.isEmpty()) {
            String aside = files.setAside(Long.toString(shared.time().now().toEpochMilli()))
                    .toString();
            IOException why = new IOException("it is for another run, another stage or something else than "
                    + question.digest() + ", or nobody can read it");
            Aftermath.note(
                    "an answer for " + node.name() + " does not count: " + why.getMessage() + "; it is in " + aside,
                    why,
                    shared);
        }
        return answer;
    }

    private Optional<Turn> follow(Approvals.Answer answer) {
        giveUp();
        tell(answer);
        return answer.approved()
                ? Optional.empty()
                : Optional.of(blocked(
                        "rejected by " + answer.who() + (answer.comment().isEmpty() ? "" : ": " + answer.comment())));
    }

    private void tell(Approvals.Answer answer) {
        shared.bus()
                .publish(new RunEvent.ApprovalGiven(
                        shared.folder().id(),
                        shared.time().now(),
                        node.name(),
                        shared.redaction().text(answer.who()),
                        shared.redaction().text(answer.comment()),
                        answer.digest(),
                        answer.approved()));
    }

    private boolean isLate() {
        return shared.time().nanos() - until >= 0;
    }

    private Turn waits() {
        return new Turn.Waits(LOOK, () -> files.isAnswered() || isLate());
    }

    private Turn nobodyCame() {
        giveUp();
        return blocked("nobody approved within " + Stop.text(approval.within()) + "; " + approval.by() + " was asked");
    }

    private Turn blocked(String sentence) {
        Outcome blocked = new Outcome.Blocked(Failure.of(shared.redaction().text(sentence)));
        return new Turn.Ended(new Ending(blocked, Optional.empty(), false, Duration.ZERO, Optional.empty()));
    }

    /** What it takes, or, if it takes nothing, what was made before it. */
    private Approvals.Asked question(List<Object> inputs) {
        List<String> what = new ArrayList<>();
        List<Object> content = new ArrayList<>(List.of(node.name()));
        if (node.declaration.deed() instanceof Deed.Deploy deploy) {
            content.add(deploy.strategy().description());
            what.add(line("deploys " + deploy.strategy().description()));
        }
        List<Node> sources = inputs.isEmpty()
                ? Graph.upstream(node)
                : node.declaration.inputs().stream()
                        .flatMap(handle -> node.before.stream().filter(before -> before.declaration.handle() == handle))
                        .toList();
        for (Node source : sources) {
            source.ended().value().ifPresent(value -> {
                content.add(source.name());
                content.add(value);
                what.add(line(source.name() + ": " + value));
            });
        }
        return new Approvals.Asked(
                shared.folder().id().value(),
                node.name(),
                approval.by(),
                ValueDigest.of(content),
                what,
                shared.time().now());
    }

    private String line(String text) {
        String masked = shared.redaction().text(text);
        return masked.substring(0, Math.min(LONGEST_LINE, masked.length()));
    }
}
