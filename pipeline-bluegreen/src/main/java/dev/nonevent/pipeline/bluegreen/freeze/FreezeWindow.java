package dev.nonevent.pipeline.bluegreen.freeze;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A time in which nothing is deployed, by the clocks of one place: its first moment belongs to it, the moment of its end does
 * not. Where those clocks are changed it is never shorter than its words: a time that does not exist is the moment of the
 * change; of a time that comes twice the first begins a window, and the second ends it. Immutable.
 */
public sealed interface FreezeWindow {

    /** Why nothing is deployed, for people. */
    String reason();

    ZoneId zone();

    /** The end of the window that this moment lies in; empty if it lies in none. */
    Optional<Instant> endOf(Instant moment);

    /** For the plan: {@code from Friday 16:00 until Monday 08:00 in Europe/Berlin (weekend)}. */
    String description();

    /** Everything wrong with the declaration itself, as sentences. */
    List<String> problems();

    /** A moment of each week. */
    record Moment(DayOfWeek day, LocalTime time) {

        /** The last one, by the calendar alone, that is not after this day. */
        LocalDateTime onOrBefore(LocalDate date) {
            return date.with(TemporalAdjusters.previousOrSame(day)).atTime(time);
        }

        /** How long it is from one to the next other, from none to almost a week. */
        long minutesUntil(Moment other) {
            long days = Math.floorMod(other.day.getValue() - day.getValue(), 7);
            long minutes = days * 24 * 60 + ChronoUnit.MINUTES.between(time, other.time);
            return Math.floorMod(minutes, 7 * 24 * 60);
        }

        @Override
        public String toString() {
            return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + time;
        }
    }

    /** The same each week. */
    record Weekly(Moment from, Moment until, ZoneId zone, String reason) implements FreezeWindow {

        @Override
        public Optional<Instant> endOf(Instant moment) {
            LocalDate today = moment.atZone(zone).toLocalDate();
            // If the one of today has not begun yet, that of the week before may still go on.
            for (LocalDate day : List.of(today, today.minusDays(1))) {
                LocalDateTime begin = from.onOrBefore(day);
                LocalDateTime end = begin.plusMinutes(from.minutesUntil(until));
                if (LocalMoment.in(zone, begin, end, moment)) {
                    return Optional.of(LocalMoment.last(zone, end));
                }
            }
            return Optional.empty();
        }

        @Override
        public String description() {
            return "from " + from + " until " + until + " in " + zone + " (" + reason + ")";
        }

        @Override
        public List<String> problems() {
            List<String> problems = new ArrayList<>(LocalMoment.problems(this));
            if (from.equals(until)) {
                problems.add(
                        "the freeze " + description() + " ends when it begins; say until when nothing is deployed");
            }
            return problems;
        }
    }

    /** Once. */
    record Once(LocalDateTime from, LocalDateTime until, ZoneId zone, String reason) implements FreezeWindow {

        @Override
        public Optional<Instant> endOf(Instant moment) {
            return LocalMoment.in(zone, from, until, moment)
                    ? Optional.of(LocalMoment.last(zone, until))
                    : Optional.empty();
        }

        @Override
        public String description() {
            return "from " + from + " until " + until + " in " + zone + " (" + reason + ")";
        }

        @Override
        public List<String> problems() {
            List<String> problems = new ArrayList<>(LocalMoment.problems(this));
            if (!from.isBefore(until)) {
                problems.add("the freeze " + description() + " ends before it begins; say it the other way round");
            }
            return problems;
        }
    }

    /** Each week from one moment to another, such as Friday 16:00 to Monday 08:00. */
    static FreezeWindow weekly(Moment from, Moment until, ZoneId zone, String reason) {
        return new Weekly(from, until, zone, reason);
    }

    /** Each day; over midnight if it ends at an earlier time than it begins. Seven windows, one for each day it begins on. */
    static List<FreezeWindow> daily(LocalTime from, LocalTime until, ZoneId zone, String reason) {
        List<FreezeWindow> days = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            DayOfWeek end = from.isBefore(until) ? day : day.plus(1);
            days.add(new Weekly(new Moment(day, from), new Moment(end, until), zone, reason));
        }
        return days;
    }

    /** Once, such as from the 24th of December to the 2nd of January. */
    static FreezeWindow once(LocalDateTime from, LocalDateTime until, ZoneId zone, String reason) {
        return new Once(from, until, zone, reason);
    }
}
