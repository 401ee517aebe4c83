package dev.nonevent.pipeline.gate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the reports hold so far, against the severity that blocks. */
final class FindingTally {

    private static final int SHOWN = 20;

    private final Severity least;
    private final Set<String> tools = new LinkedHashSet<>();
    private final List<String> lines = new ArrayList<>();
    private int blocking;
    private int milder;
    private int suppressed;

    FindingTally(Severity least) {
        this.least = least;
    }

    void tool(String name) {
        tools.add(Words.line(name));
    }

    void suppressed() {
        suppressed++;
    }

    void open(Finding finding, Finding.Weight weight) {
        if (!weight.blocksFrom(least)) {
            milder++;
            return;
        }
        blocking++;
        if (lines.size() < SHOWN) {
            lines.add(weight.word() + " " + finding.text());
        }
    }

    int open() {
        return blocking + milder;
    }

    Verdict verdict() {
        String rest = (milder > 0 ? ", " + milder + " milder" : "")
                + (suppressed > 0 ? ", " + suppressed + " suppressed" : "");
        String level = least.name().toLowerCase(Locale.ROOT);
        String from = least == Severity.CRITICAL ? " of severity critical" : " of severity " + level + " or worse";
        String by = tools.isEmpty() ? "" : String.join(", ", tools) + ": ";
        if (blocking == 0) {
            return Verdict.pass(by + "no finding" + from + rest);
        }
        List<String> shown = new ArrayList<>(lines);
        if (blocking > SHOWN) {
            shown.add("and " + (blocking - SHOWN) + " more");
        }
        return Verdict.block(by + Words.count(blocking, "finding") + from + rest, shown);
    }
}
