package dev.nonevent.pipeline.bluegreen.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow.Moment;
import dev.nonevent.pipeline.bluegreen.freeze.Freezes.Decision;
import dev.nonevent.pipeline.bluegreen.freeze.Freezes.Pass;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks of Berlin: forward at 02:00 on the 29th of March 2026, back at 03:00 on the 25th of October 2026. */
class FreezesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Freezes weekly(String from, String until) {
        return new Freezes(List.of(FreezeWindow.weekly(moment(from), moment(until), BERLIN, "weekend")));
    }

    private static Moment moment(String text) {
        String[] parts = text.split(" ");
        return new Moment(DayOfWeek.valueOf(parts[0]), LocalTime.parse(parts[1]));
    }

    @ParameterizedTest(name = "{0} to {1}: at {2} until {3}")
    @CsvSource({
        // an afternoon
        "WEDNESDAY 12:00, WEDNESDAY 14:00, 2026-11-25T10:59:59Z, ",
        "WEDNESDAY 12:00, WEDNESDAY 14:00, 2026-11-25T11:00:00Z, 2026-11-25T13:00:00Z",
        "WEDNESDAY 12:00, WEDNESDAY 14:00, 2026-11-25T12:59:59Z, 2026-11-25T13:00:00Z",
        "WEDNESDAY 12:00, WEDNESDAY 14:00, 2026-11-25T13:00:00Z, ",
        "WEDNESDAY 12:00, WEDNESDAY 14:00, 2026-11-26T11:30:00Z, ",
        // a weekend, over the end of a week and of a year
        "FRIDAY 16:00, MONDAY 08:00, 2026-11-28T23:00:00Z, 2026-11-30T07:00:00Z",
        "FRIDAY 16:00, MONDAY 08:00, 2026-11-30T06:59:00Z, 2026-11-30T07:00:00Z",
        "FRIDAY 16:00, MONDAY 08:00, 2027-01-02T12:00:00Z, 2027-01-04T07:00:00Z",
        "FRIDAY 16:00, MONDAY 08:00, 2026-11-27T14:59:00Z, ",
        // all of a week but an hour
        "MONDAY 09:00, MONDAY 08:00, 2026-11-29T12:00:00Z, 2026-11-30T07:00:00Z",
        "MONDAY 09:00, MONDAY 08:00, 2026-11-30T07:30:00Z, ",
        "MONDAY 09:00, MONDAY 08:00, 2026-11-30T08:00:00Z, 2026-12-07T07:00:00Z",
        // summer time is another hour of the world's
        "WEDNESDAY 12:00, WEDNESDAY 14:00, 2026-07-01T10:00:00Z, 2026-07-01T12:00:00Z",
        // a weekend in which an hour is missing, and one with an hour more
        "FRIDAY 16:00, MONDAY 08:00, 2026-03-28T12:00:00Z, 2026-03-30T06:00:00Z",
        "FRIDAY 16:00, MONDAY 08:00, 2026-10-24T12:00:00Z, 2026-10-26T07:00:00Z",
        // begins at a time that does not exist: from the change on
        "SUNDAY 02:30, SUNDAY 05:00, 2026-03-29T00:59:59Z, ",
        "SUNDAY 02:30, SUNDAY 05:00, 2026-03-29T01:00:00Z, 2026-03-29T03:00:00Z",
        // ends at a time that does not exist: until the change
        "SUNDAY 01:00, SUNDAY 02:30, 2026-03-29T00:59:59Z, 2026-03-29T01:00:00Z",
        "SUNDAY 01:00, SUNDAY 02:30, 2026-03-29T01:00:00Z, ",
        // lies in what does not exist: not at all
        "SUNDAY 02:10, SUNDAY 02:50, 2026-03-29T01:00:00Z, ",
        // begins at a time that comes twice: the first time
        "SUNDAY 02:30, SUNDAY 05:00, 2026-10-25T00:29:59Z, ",
        "SUNDAY 02:30, SUNDAY 05:00, 2026-10-25T00:30:00Z, 2026-10-25T04:00:00Z",
        // ends at a time that comes twice: the second time
        "SUNDAY 01:00, SUNDAY 02:30, 2026-10-25T01:29:59Z, 2026-10-25T01:30:00Z",
        "SUNDAY 01:00, SUNDAY 02:30, 2026-10-25T01:30:00Z, ",
        // lies in what comes twice: both times, and in between
        "SUNDAY 02:10, SUNDAY 02:50, 2026-10-25T00:55:00Z, 2026-10-25T01:50:00Z"
    })
    void windowOfEachWeekIsOneOfTheClocksOfItsPlace(String from, String until, Instant at, Instant end) {
        Freezes freezes = weekly(from, until);

        assertThat(freezes.nextOpening(at)).contains(end == null ? at : end);
        assertThat(freezes.at(at, Optional.empty()) instanceof Decision.Free).isEqualTo(end == null);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-24T17:59:00Z, ",
        "2026-12-24T18:00:00Z, 2027-01-02T05:00:00Z",
        "2027-01-02T05:00:00Z, ",
        "2027-12-25T12:00:00Z, "
    })
    void holidaysAreFrozenOnce(Instant at, Instant end) {
        ZoneId newYork = ZoneId.of("America/New_York");
        Freezes freezes = new Freezes(List.of(FreezeWindow.once(
                LocalDateTime.parse("2026-12-24T13:00"),
                LocalDateTime.parse("2027-01-02T00:00"),
                newYork,
                "holidays")));

        assertThat(freezes.nextOpening(at)).contains(end == null ? at : end);
    }

    @Test
    void windowsThatMeetAreOne() {
        Freezes freezes = new Freezes(List.of(
                FreezeWindow.weekly(moment("FRIDAY 16:00"), moment("MONDAY 08:00"), BERLIN, "weekend"),
                FreezeWindow.weekly(moment("MONDAY 08:00"), moment("MONDAY 10:00"), BERLIN, "stocktaking"),
                FreezeWindow.once(
                        LocalDateTime.parse("2026-11-30T08:30"),
                        LocalDateTime.parse("2026-11-30T09:30"),
                        ZoneId.of("UTC"),
                        "audit")));

        assertThat(freezes.nextOpening(Instant.parse("2026-11-28T12:00:00Z")))
                .contains(Instant.parse("2026-11-30T09:30:00Z"));
    }

    @Test
    void everyNightGoesOverMidnightAndOverTheWeek() {
        Freezes freezes =
                new Freezes(FreezeWindow.daily(LocalTime.parse("22:00"), LocalTime.parse("06:00"), BERLIN, "night"));

        assertThat(freezes.windows()).hasSize(7);
        assertThat(freezes.nextOpening(Instant.parse("2026-11-29T23:30:00Z")))
                .contains(Instant.parse("2026-11-30T05:00:00Z"));
        assertThat(freezes.nextOpening(Instant.parse("2026-11-29T20:30:00Z")))
                .contains(Instant.parse("2026-11-29T20:30:00Z"));
        assertThat(freezes.problems()).isEmpty();
    }

    @Test
    void whoHasToWaitReadsUntilWhenAndWhy() {
        Decision decision =
                weekly("FRIDAY 16:00", "MONDAY 08:00").at(Instant.parse("2026-11-28T12:00:00Z"), Optional.empty());

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Frozen.class,
                        frozen -> assertThat(frozen.sentence())
                                .isEqualTo(
                                        "frozen until Monday 2026-11-30 08:00 in Europe/Berlin: weekend; deploy then, or say who"
                                                + " you are and why it cannot wait"));
    }

    @Test
    void whoDeploysAllTheSameIsWrittenDownWithTheReason() {
        Freezes freezes = weekly("FRIDAY 16:00", "MONDAY 08:00");
        Optional<Pass> pass = Optional.of(new Pass("ada", "customers cannot pay"));

        assertThat(freezes.at(Instant.parse("2026-11-28T12:00:00Z"), pass))
                .isInstanceOfSatisfying(
                        Decision.Passed.class,
                        passed -> assertThat(passed.sentence())
                                .isEqualTo(
                                        "ada deployed in the freeze from Friday 16:00 until Monday 08:00 in Europe/Berlin (weekend):"
                                                + " customers cannot pay"));
        assertThat(freezes.at(Instant.parse("2026-11-25T12:00:00Z"), pass)).isEqualTo(new Decision.Free());
    }

    @Test
    void freezesThatLeaveNoMomentAreRefused() {
        assertThat(new Freezes(FreezeWindow.daily(LocalTime.NOON, LocalTime.NOON, BERLIN, "always")).problems())
                .containsExactly("the freezes of each week leave no moment to deploy at; take one of them away");
    }

    @ParameterizedTest
    @CsvSource({
        "FRIDAY 16:00, FRIDAY 16:00, weekend, ends when it begins",
        "FRIDAY 16:00, MONDAY 08:00, ' ', says nobody why"
    })
    void windowThatIsNoneIsRefused(String from, String until, String reason, String sentence) {
        FreezeWindow window = FreezeWindow.weekly(moment(from), moment(until), BERLIN, reason);

        assertThat(new Freezes(List.of(window)).problems())
                .singleElement()
                .asString()
                .contains(sentence);
    }

    @Test
    void windowThatEndsBeforeItBeginsIsRefused() {
        FreezeWindow window = FreezeWindow.once(
                LocalDateTime.parse("2026-12-24T13:00"), LocalDateTime.parse("2026-12-23T13:00"), BERLIN, "holidays");

        assertThat(window.problems()).singleElement().asString().contains("ends before it begins");
        assertThat(Freezes.none().problems()).isEmpty();
    }

    /** Also where the clocks are changed at midnight, and where by half an hour. */
    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/Santiago", "America/Havana", "Australia/Lord_Howe", "UTC"})
    void atEveryMomentOfAYearItIsFrozenIfTheClocksOfThePlaceSaySo(ZoneId zone) {
        List<Moment> moments = List.of(
                moment("SATURDAY 23:15"), moment("SUNDAY 00:15"), moment("SUNDAY 02:15"), moment("SUNDAY 12:00"));
        for (Moment from : moments) {
            for (Moment until : moments) {
                FreezeWindow window = FreezeWindow.weekly(from, until, zone, "test");
                if (!from.equals(until)) {
                    aYear(zone).forEach(at -> compare(window, from, until, at));
                }
            }
        }
    }

    private static void compare(FreezeWindow window, Moment from, Moment until, Instant at) {
        ZonedDateTime local = at.atZone(window.zone());
        Moment now = new Moment(local.getDayOfWeek(), local.toLocalTime());
        boolean words = from.minutesUntil(now) < from.minutesUntil(until);
        boolean frozen = window.endOf(at).isPresent();

        if (words || isFarFromAChange(window.zone(), at)) {
            assertThat(frozen).as(() -> window.description() + " at " + local).isEqualTo(words);
        }
        window.endOf(at).ifPresent(end -> assertThat(window.endOf(end)).isEmpty());
    }

    private static boolean isFarFromAChange(ZoneId zone, Instant at) {
        Instant before = at.minus(Duration.ofHours(2));
        ZoneOffsetTransition next = zone.getRules().nextTransition(before);
        return next == null || next.getInstant().isAfter(at.plus(Duration.ofHours(2)));
    }

    /** Every quarter of an hour around the weekends of 2026. */
    private static Stream<Instant> aYear(ZoneId zone) {
        Instant first = LocalDateTime.parse("2026-01-02T12:00").atZone(zone).toInstant();
        return IntStream.range(0, 52 * 7 * 24 * 4)
                .mapToObj(quarter -> first.plus(Duration.ofMinutes(15L * quarter)))
                .filter(at -> at.atZone(zone).getDayOfWeek().getValue() > 5
                        || at.atZone(zone).getDayOfWeek().getValue() == 1);
    }
}
