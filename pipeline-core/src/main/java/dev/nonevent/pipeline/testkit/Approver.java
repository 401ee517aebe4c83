package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.run.Approvals;
import java.nio.file.Path;
import java.util.Map;

/**
 * Answers what a run waits for a person to approve, at once. What the test says nothing about is rejected with a sentence that
 * says so: nobody is there to ask.
 *
 * @param answers why it is rejected, by the name of the stage; empty text: approved
 */
record Approver(Path home, Map<String, String> answers) implements RunListener {

    private static final String WHO = "the test";

    @Override
    public void on(RunEvent event) {
        if (event instanceof RunEvent.ApprovalAwaited awaited) {
            Approvals approvals = Approvals.in(home);
            Approvals.Asked asked = approvals.of(awaited.run().value(), awaited.stage());
            String why = answers.getOrDefault(
                    awaited.stage(), "it says neither approve(\"" + awaited.stage() + "\") nor reject(…)");
            approvals.answer(
                    why.isEmpty() ? asked.approved(WHO, "", awaited.at()) : asked.rejected(WHO, why, awaited.at()));
        }
    }
}
