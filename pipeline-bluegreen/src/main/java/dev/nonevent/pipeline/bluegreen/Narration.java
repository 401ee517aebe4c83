package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry.*;
import dev.nonevent.pipeline.bluegreen.ledger.Purpose;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Each fact of the ledger as a sentence for people. */
final class Narration {

    private static final Map<Class<? extends LedgerEntry>, Function<LedgerEntry, String>> SENTENCES = new HashMap<>();

    static {
        beforeUsersHaveIt();
        whileItIsProven();
        afterwards();
        aroundIt();
    }

    private Narration() {}

    static String of(LedgerEntry entry) {
        Function<LedgerEntry, String> sentence = SENTENCES.get(entry.getClass());
        if (sentence == null) {
            throw new IllegalStateException("nobody has words for " + entry.getClass());
        }
        return sentence.apply(entry);
    }

    /** Those that there are words for. */
    static Set<Class<? extends LedgerEntry>> kinds() {
        return Set.copyOf(SENTENCES.keySet());
    }

    private static void beforeUsersHaveIt() {
        says(Begun.class, Narration::begun);
        says(Creating.class, e -> "its instance is being started");
        says(
                Created.class,
                e -> "its instance runs at " + Sentences.places(e.instance().addresses()));
        says(Healthy.class, e -> "it is healthy: " + e.evidence());
        says(Refused.class, e -> "it is refused: " + e.reason());
        says(Removing.class, e -> "what was started for it goes: " + e.reason());
    }

    private static void whileItIsProven() {
        says(Shifting.class, e -> e.percent() + " % of the users are to get it");
        says(Shifted.class, e -> e.percent() + " % of the users have it" + found(e.recovered()));
        says(Switching.class, e -> "all users are to get it");
        says(Switched.class, e -> "all users have it" + found(e.recovered()));
        says(Paused.class, e -> e.who() + " lets it wait");
        says(Resumed.class, e -> e.who() + " lets it go on");
        says(Committed.class, e -> "it is stable: " + e.evidence());
    }

    private static void afterwards() {
        says(SwitchingBack.class, e -> "users are to go back to " + e.to().deployment() + ": " + e.reason());
        says(
                SwitchedBack.class,
                e -> "users are back"
                        + e.restoredIn()
                                .map(took -> ", " + Sentences.duration(took) + " after the decision")
                                .orElse(""));
        says(RolledBack.class, e -> "users are where they were before it");
        says(Draining.class, e -> "requests to " + e.old() + " come to their end");
        says(
                Drained.class,
                e -> e.finished() + " requests in flight to " + e.old() + " came to their end, " + e.cut()
                        + " were cut");
        says(
                Keeping.class,
                e -> e.old().deployment() + " stays warm until " + e.until().truncatedTo(ChronoUnit.SECONDS));
        says(Done.class, e -> "nothing is left to do for it");
        says(NeedsHuman.class, e -> "a person has to look: " + e.why());
    }

    private static void aroundIt() {
        says(Acquired.class, e -> "process " + e.pid() + " of " + e.user() + " takes it over");
        says(Superseded.class, e -> "it is not begun: " + e.why());
        says(FreezePassed.class, FreezePassed::sentence);
        says(
                HookEnded.class,
                e -> "the hook \"" + e.hook() + "\" "
                        + e.problem().map(why -> "failed: " + why).orElse("has run") + ", " + e.moment());
        says(Observed.class, e -> "users were counted");
        says(Stopping.class, e -> e.instance().deployment() + " is to be stopped");
        says(Stopped.class, e -> e.instance().deployment() + " is stopped");
        says(Held.class, e -> "nothing is touched: " + e.why());
        says(TakingDown.class, e -> "the whole application is being taken down");
        says(TakenDown.class, e -> "nothing of the application runs any more");
    }

    private static String begun(Begun begun) {
        return begun.release().version()
                + (begun.purpose() == Purpose.ROLL_BACK ? " is to get users again, " : " is to get users, ")
                + "on " + begun.colour()
                + begun.replaces().map(old -> ", in the place of " + old).orElse("")
                + begun.irreversible()
                        .map(what -> "; " + what + " cannot be undone")
                        .orElse("");
    }

    private static String found(boolean recovered) {
        return recovered ? ", as somebody found later" : "";
    }

    private static <E extends LedgerEntry> void says(Class<E> kind, Function<E, String> sentence) {
        SENTENCES.put(kind, entry -> sentence.apply(kind.cast(entry)));
    }
}
