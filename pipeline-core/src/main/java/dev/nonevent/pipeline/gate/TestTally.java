package dev.nonevent.pipeline.gate;

import java.util.ArrayList;
import java.util.List;

/** What the reports say so far, counted by their elements. */
final class TestTally {

    static final int MOST_TESTS = 1_000_000;
    static final int SHOWN = 20;

    private int tests;
    private int failed;
    private int skipped;
    private int flaky;
    private final List<String> lines = new ArrayList<>();

    void passed() {
        tests++;
    }

    void skipped() {
        tests++;
        skipped++;
    }

    /** It failed, was tried again, and passed. */
    void flaky() {
        tests++;
        flaky++;
    }

    void failed(String line) {
        tests++;
        failed++;
        if (lines.size() < SHOWN) {
            lines.add(line);
        }
    }

    int tests() {
        return tests;
    }

    int failures() {
        return failed;
    }

    int flakes() {
        return flaky;
    }

    boolean allSkipped() {
        return tests == skipped;
    }

    /** {@code 327 tests, 2 skipped, 1 flaky}. */
    String sentence() {
        return Words.count(tests, "test")
                + (skipped > 0 ? ", " + skipped + " skipped" : "")
                + (flaky > 0 ? ", " + flaky + " flaky" : "");
    }

    Verdict block() {
        List<String> shown = new ArrayList<>(lines);
        if (failed > SHOWN) {
            shown.add("and " + (failed - SHOWN) + " more");
        }
        return Verdict.block(failed + " of " + Words.count(tests, "test") + " failed", shown);
    }
}
