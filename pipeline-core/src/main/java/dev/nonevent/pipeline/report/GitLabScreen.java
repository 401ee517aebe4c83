package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;

/**
 * The log of a GitLab job: what a stage printed is a section, folded if the stage passed. The signs of a section need an
 * escape and a carriage return, which no text from outside keeps ({@link CleanText}), so nobody else can begin or end one.
 */
final class GitLabScreen extends Screen {

    private static final String CLEAR = "\u001b[0K";

    private int sections;

    GitLabScreen(Appendable out) {
        super(out);
    }

    @Override
    void stage(RunFacts.StageFacts stage, String title, Runnable output) {
        RunEvent.StageEnded ended = stage.ended;
        if (stage.lines == 0 || ended == null) {
            super.stage(stage, title, output);
            return;
        }
        boolean passed = stage.outcome().filter(Outcome::hasPassed).isPresent();
        String id = "nonevent_" + ++sections;
        long from = ended.at().minus(ended.took()).getEpochSecond();
        raw(CLEAR + "section_start:" + from + ":" + id + (passed ? "[collapsed=true]" : "") + "\r" + CLEAR);
        line(passed ? title : "output of " + CleanText.line(stage.name));
        output.run();
        line(CLEAR + "section_end:" + ended.at().getEpochSecond() + ":" + id + "\r" + CLEAR);
        if (!passed) {
            line(title);
        }
    }
}
