package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import java.time.Instant;

/**
 * Shows one run to a person.
 *
 * <pre>{@code
 * PipelineRunner.in(home).listener(ConsoleReport.of(out, ConsoleStyle.simplest()))
 * }</pre>
 *
 * <p>It writes to what it is given and to nothing else, and reads no clock: time is what the events and {@link #tick}
 * say. Text from outside is cleaned of everything that could drive a terminal. Memory is bounded, whatever the stages
 * print. Safe for use by several threads. If it cannot write, it throws {@link java.io.UncheckedIOException}, which a run
 * logs and survives.
 */
public final class ConsoleReport implements RunListener {

    private final View view;
    private final RunFacts facts = new RunFacts();

    private ConsoleReport(View view) {
        this.view = view;
    }

    /** Redrawn in place or line by line, as the style says; ends with what failed and a table of all stages. */
    public static ConsoleReport of(Appendable out, ConsoleStyle style) {
        Screen screen = style.host().screen(out);
        Marks marks = Marks.of(style);
        return new ConsoleReport(style.live() ? new LiveView(screen, marks, style) : new PlainView(screen, marks));
    }

    /** Only what failed and the table of all stages. */
    public static ConsoleReport quiet(Appendable out, ConsoleStyle style) {
        return new ConsoleReport(new QuietView(style.host().screen(out), Marks.of(style)));
    }

    /**
     * A line for each stage that ended, what deployments say, the details of failures and one sentence at the end: for a
     * narrow place such as the terminal of somebody who pushes. ASCII, no control sequences.
     */
    public static ConsoleReport brief(Appendable out) {
        return new ConsoleReport(new BriefView(new Screen(out), Marks.of(ConsoleStyle.simplest())));
    }

    @Override
    public synchronized void on(RunEvent event) {
        facts.take(event);
        view.show(event, facts);
    }

    /** Says that time has passed: running stages show how long they take. To be called about once a second, or never. */
    public synchronized void tick(Instant now) {
        view.show(now, facts);
    }
}
