package dev.nonevent.pipeline.bluegreen.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A report as a person reads it. Times are in UTC. */
final class Page {

    private static final int COLUMNS = 120;
    private static final int INDENT = 12;
    /** What is invisible may neither end a line nor turn or colour what follows. */
    private static final Pattern GAP = Pattern.compile("[\\s\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final DeploymentReport report;
    private final StringBuilder text = new StringBuilder();

    Page(DeploymentReport report) {
        this.report = report;
    }

    String text() {
        paragraph("", heading(), 0);
        Ending ending = report.ending();
        ending.why().ifPresent(why -> say("why", why));
        say("traffic", ending.traffic().map(Page::traffic).orElseGet(this::unknown));
        times();
        report.users().served().forEach(served -> say("users", served(served)));
        report.users().drained().forEach(drained -> say("drained", drained(drained)));
        report.evidence().stream()
                .filter(evidence ->
                        ending.why().filter(evidence.words()::equals).isEmpty())
                .forEach(evidence -> say(evidence.of().name().toLowerCase(Locale.ROOT), evidence.words()));
        report.timeline()
                .forEach(moment -> paragraph("  " + CLOCK.format(moment.at()) + "  ", moment.sentence(), INDENT + 4));
        return text.toString();
    }

    private String heading() {
        String what = report.deployment().orElse(report.application()) + ": "
                + switch (report.purpose()) {
                    case DEPLOY -> "deploying ";
                    case RETRY -> "trying again ";
                    case ROLL_BACK -> "going back to ";
                };
        return what
                + report.release().version()
                + (isOpen() ? " has not ended" : " ended as " + report.ending().way())
                + (report.ending().recovered() ? ", by another process than it was begun by" : "");
    }

    private boolean isOpen() {
        return report.ending().way() == Ending.Way.OPEN;
    }

    private String unknown() {
        return isOpen() ? "where it is now is told by the status" : "where it was at the end is not known";
    }

    private void times() {
        Times times = report.times();
        say(
                "begun",
                day(times.startedAt())
                        + times.endedAt().map(end -> ", ended " + day(end)).orElse(""));
        times.switchedAt().ifPresent(at -> say("first users", day(at)));
        String detected = times.detectedIn()
                .map(took -> "detected " + duration(took) + " after the first failed request")
                .orElse("");
        String restored = times.restoredIn()
                .map(took -> "traffic back " + duration(took) + (detected.isEmpty() ? " after the decision" : " later"))
                .orElse("");
        say("way back", detected + (detected.isEmpty() || restored.isEmpty() ? "" : ", ") + restored);
    }

    private static String traffic(List<Ending.Share> shares) {
        return shares.isEmpty()
                ? "nobody had users"
                : "on "
                        + shares.stream()
                                .map(share -> share.side().words()
                                        + (share.percent() == 100 ? "" : ", " + share.percent() + " %"))
                                .collect(Collectors.joining("; "));
    }

    private String served(Users.Served served) {
        Optional<Users.Answers> answers = served.answers();
        if (answers.isEmpty()) {
            return served.side().words() + ": how many requests it answered is not known";
        }
        Users.Answers known = answers.get();
        String spared = known.spared() == 0 ? "" : ", " + known.spared() + " of them spared: users saw " + known.seen();
        return served.side().words() + ": " + (known.complete() ? "" : "at least ") + known.failed() + " of "
                + known.requests() + " requests failed" + spared
                + (known.complete() ? "" : "; counting began anew in between");
    }

    private static String drained(Users.Drained drained) {
        return drained.side().words() + ": " + drained.finished() + " requests in flight came to their end, "
                + drained.cut() + " were cut";
    }

    private void say(String label, String words) {
        if (!words.isEmpty()) {
            paragraph("  " + label + " ".repeat(Math.max(1, INDENT - label.length())), words, INDENT + 2);
        }
    }

    /** Words are kept whole where a line has room for one. */
    private void paragraph(String first, String words, int indent) {
        StringBuilder line = new StringBuilder(first);
        boolean bare = true;
        for (String word : GAP.splitAsStream(words.strip()).toList()) {
            String rest = word;
            if (!bare && line.length() + 1 + rest.length() > COLUMNS) {
                end(line);
                line = new StringBuilder(" ".repeat(indent));
                bare = true;
            }
            line.append(bare ? "" : " ");
            while (line.length() + rest.length() > COLUMNS) {
                int room = COLUMNS - line.length();
                end(line.append(rest, 0, room));
                rest = rest.substring(room);
                line = new StringBuilder(" ".repeat(indent));
            }
            line.append(rest);
            bare = false;
        }
        end(line);
    }

    private void end(StringBuilder line) {
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static String day(Instant at) {
        return DAY.format(at);
    }

    private static String duration(Duration duration) {
        long millis = duration.toMillis();
        return millis < 10_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
}
