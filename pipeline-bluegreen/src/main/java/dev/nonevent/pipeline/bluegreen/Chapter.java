package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The part of the ledger that tells of one deployment. Built up line by line; for one thread. */
final class Chapter {

    private final List<LedgerLine> lines = new ArrayList<>();
    private final Optional<LedgerEntry.Observed> opening;
    private Optional<LedgerLine> closing = Optional.empty();
    private boolean over;

    private Chapter(List<LedgerLine> terms, LedgerLine begun, Optional<LedgerEntry.Observed> opening) {
        lines.addAll(terms);
        lines.add(begun);
        this.opening = opening;
        this.over = !(begun.entry() instanceof LedgerEntry.Begun);
    }

    /** All of them, oldest first. */
    static List<Chapter> of(List<LedgerLine> ledger) {
        List<Chapter> chapters = new ArrayList<>();
        List<LedgerLine> terms = new ArrayList<>();
        Optional<LedgerEntry.Observed> seen = Optional.empty();
        for (LedgerLine line : ledger) {
            LedgerEntry entry = line.entry();
            if (!chapters.isEmpty()) {
                chapters.get(chapters.size() - 1).take(line);
            }
            if (entry instanceof LedgerEntry.Acquired) {
                terms.clear();
                seen = Optional.empty();
            } else if (entry instanceof LedgerEntry.Observed observed) {
                seen = Optional.of(observed);
            } else if (entry instanceof LedgerEntry.FreezePassed) {
                terms.add(line);
            } else if (entry instanceof LedgerEntry.Begun || entry instanceof LedgerEntry.Superseded) {
                chapters.add(new Chapter(terms, line, seen));
                terms.clear();
            }
        }
        return chapters;
    }

    /** Whether the last deployment has ended and nobody has looked since. */
    static boolean isUnobserved(List<LedgerLine> ledger) {
        List<Chapter> chapters = of(ledger);
        return !chapters.isEmpty() && chapters.get(chapters.size() - 1).isUnobserved();
    }

    private boolean isUnobserved() {
        return over && closing.isEmpty();
    }

    private void take(LedgerLine line) {
        LedgerEntry entry = line.entry();
        if (entry instanceof LedgerEntry.Observed) {
            closing = isUnobserved() ? Optional.of(line) : closing;
        } else if (!over && !(entry instanceof LedgerEntry.Begun)) {
            lines.add(line);
            over = entry instanceof LedgerEntry.RolledBack
                    || entry instanceof LedgerEntry.NeedsHuman
                    || entry instanceof LedgerEntry.Done
                    || entry instanceof LedgerEntry.TakenDown;
        }
    }

    List<LedgerLine> lines() {
        return lines;
    }

    /** Empty if nothing was. */
    Optional<LedgerEntry.Begun> begun() {
        return all(LedgerEntry.Begun.class).findFirst();
    }

    /** What was to be seen right before it. */
    Optional<LedgerEntry.Observed> opening() {
        return opening;
    }

    /** What was to be seen when somebody first looked after it. */
    Optional<LedgerEntry.Observed> closing() {
        return closing.map(line -> (LedgerEntry.Observed) line.entry());
    }

    Optional<LedgerLine> closingLine() {
        return closing;
    }

    boolean has(Class<? extends LedgerEntry> kind) {
        return all(kind).findAny().isPresent();
    }

    <E extends LedgerEntry> Optional<E> last(Class<E> kind) {
        return all(kind).reduce((earlier, later) -> later);
    }

    <E extends LedgerEntry> Stream<E> all(Class<E> kind) {
        return lines.stream().map(LedgerLine::entry).filter(kind::isInstance).map(kind::cast);
    }
}
