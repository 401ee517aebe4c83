package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long the parts of a deployment take at worst, by its declaration alone. Every question is taken to last as long as one
 * by HTTP may. What the host takes to start and to stop is the host's, and not in it. Asked only of a declaration that has a
 * health check.
 */
final class WorstCase {

    /** Intent, switch, read-back and outcome: generous for a disk that is busy. */
    private static final Duration SWITCHING = Duration.ofMillis(500);

    /** How far apart two looks of the bake at the counts are, with what they cost: see {@link Bake}. */
    private static final Duration LOOKING = Duration.ofMillis(50);

    /** How long the last answers of a judge's sources may be waited for: see {@link Lookout}. */
    private static final Duration LAST_READINGS = Duration.ofSeconds(10);

    /** A thousand years: more than a plan adds up to. */
    private static final Duration LONGEST_TOLD = Duration.ofDays(365_000);

    /** The error rates whose detection is told. */
    private static final List<Double> RATES = List.of(1.0, 0.05);

    private final Options options;
    private final HealthCheck health;

    WorstCase(Options options) {
        this.options = options;
        this.health = options.health();
    }

    /** A release that is refused at the last moment was asked once more after its time was over. */
    private Duration healthy() {
        return health.within().plus(health.every()).plus(health.timeout());
    }

    /** The smoke checks, and one last question to the health check. */
    private Duration smoke() {
        return health.timeout().multipliedBy(options.checks().smoke().size() + 1L);
    }

    /** Its judge, the last answers of whom the judge asks, and whether it still answers. */
    private Duration bake() {
        return options.proof().bake().isZero()
                ? questions()
                : watched(options.proof().bake());
    }

    private Duration watched(Duration time) {
        Optional<Judge> judge = options.proof().judge();
        boolean asks = judge.filter(asking -> !asking.sources().isEmpty()).isPresent();
        return time.plus(asks ? LAST_READINGS : Duration.ZERO).plus(questions());
    }

    /** Whether the stable release answers; then each with its switch, the last answers of whom the judge asks, and whether the release still answers. */
    private Duration steps() {
        return options.proof()
                .steps()
                .map(steps -> steps.steps().stream()
                        .map(step ->
                                SWITCHING.plus(step.time().map(this::watched).orElseGet(this::questions)))
                        .reduce(questions(), Duration::plus))
                .orElse(Duration.ZERO);
    }

    private Duration questions() {
        return health.timeout().multipliedBy(Vitality.QUESTIONS);
    }

    /** From the decision to the confirmed switch back. */
    Duration back() {
        return questions().plus(SWITCHING);
    }

    private Duration drain() {
        return options.predecessor().drain();
    }

    private boolean waitsForAPerson() {
        return options.proof().steps().filter(Steps::waitsForAPerson).isPresent();
    }

    /** From the start of the instance until its predecessor is drained; a way back takes no longer. Without what it waits for a person. */
    Duration longest() {
        Duration served = bake().plus(drain());
        return healthy()
                .plus(smoke())
                .plus(steps())
                .plus(options.notices().longest())
                .plus(SWITCHING)
                .plus(options.proof().judge().isPresent() ? served.plus(back()) : served);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("healthy, or refused, " + duration(healthy()) + " after its start" + promise());
        lines.add("smoke checks and a last question: " + duration(smoke()) + "; the switch: " + duration(SWITCHING));
        options.proof()
                .judge()
                .ifPresentOrElse(
                        judge -> lines.addAll(judged(judge)),
                        () -> lines.add("no bake: nobody watches it once users have it"));
        lines.add("requests to the release before end within " + duration(drain()));
        lines.addAll(options.terms().lines());
        lines.add("given up when it has come no further for "
                + duration(options.terms().stall()));
        lines.addAll(options.notices().lines());
        lines.add("the whole deployment " + duration(longest()) + ", without what the host takes to start and to stop"
                + (waitsForAPerson() ? ", and without what it waits for a person" : ""));
        return lines;
    }

    private List<String> judged(Judge judge) {
        List<String> lines = new ArrayList<>();
        options.proof().steps().ifPresent(steps -> lines.addAll(stepped(steps)));
        lines.add(
                options.proof().bake().isZero()
                        ? "no bake: it is stable once all users have it and it answers"
                        : "judged after " + duration(bake()) + "; the release before runs all the while");
        RATES.forEach(rate -> noticed(judge, rate).ifPresent(lines::add));
        lines.add("a process that ended is noticed within " + duration(LOOKING)
                + ", one that does not answer its health check within " + duration(unanswered()));
        if (options.terms().irreversible().isEmpty()) {
            lines.add("back on the release before " + duration(back()) + " after the decision");
        }
        return lines;
    }

    private List<String> stepped(Steps steps) {
        return List.of(
                "a part of the users first: " + steps + "; each judged by itself",
                "all users after " + duration(steps()) + (steps.waitsForAPerson() ? " and what a person takes" : "")
                        + ", and until then the others keep the release before");
    }

    /** So many bad answers, one pause between two of them, and a question that was just answered well. */
    private Duration unanswered() {
        Duration pause = health.every().compareTo(health.timeout()) > 0 ? health.every() : health.timeout();
        return pause.multipliedBy(Vitality.QUESTIONS).plus(health.timeout()).plus(LOOKING);
    }

    private Optional<String> noticed(Judge judge, double rate) {
        return judge.noticedAfter(rate)
                .map(requests -> String.format(
                        Locale.ROOT,
                        "a release that fails %s is noticed after about %,d requests%s",
                        rate == 1 ? "all requests" : number(rate * 100) + " % of them",
                        requests,
                        inTime(requests)));
    }

    private String inTime(long requests) {
        return options.proof()
                .expected()
                .map(expected -> expected * share())
                .map(expected -> ", "
                        + duration(Duration.ofNanos((long) (requests / expected * 1e9))
                                .plus(LOOKING))
                        + " at " + number(expected) + " requests a second")
                .orElse("");
    }

    /** Of the users, that a release gets at first. */
    private double share() {
        return options.proof()
                        .steps()
                        .map(Steps::first)
                        .map(Steps.Step::percent)
                        .orElse(100)
                / 100.0;
    }

    private String promise() {
        return health.isOverHttp()
                ? ""
                : ", if " + health.description() + " takes no longer than " + duration(health.timeout());
    }

    /** {@code 200}, {@code 0.5}. */
    static String number(double number) {
        return number == Math.rint(number) ? String.format(Locale.ROOT, "%.0f", number) : String.valueOf(number);
    }

    /** {@code 65 ms}, {@code 3.5 s}, {@code 11 min 37.5 s}; rounded up, from a second on to tenths of one. {@code PT-1S} for what cannot be. */
    static String duration(Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST_TOLD) > 0) {
            return duration.toString();
        }
        long millis = duration.plusNanos(999_999).toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        long tenths = (millis + 99) / 100;
        long minutes = millis < 120_000 ? 0 : tenths / 600;
        long rest = tenths - minutes * 600;
        String seconds = rest % 10 == 0 ? rest / 10 + " s" : rest / 10 + "." + rest % 10 + " s";
        return minutes == 0 ? seconds : rest == 0 ? minutes + " min" : minutes + " min " + seconds;
    }
}
