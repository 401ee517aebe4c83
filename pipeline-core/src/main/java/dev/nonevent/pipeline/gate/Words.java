package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.text.OneLine;

/** Text from a report, made fit for one line on a screen: it comes from outside and may carry anything. */
final class Words {

    private static final int LONGEST = 200;

    private Words() {}

    /** The first line that is not blank, at most 200 characters; what is invisible becomes {@code \\uXXXX}. */
    static String line(String text) {
        String first = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        return OneLine.escaped(first.replace('\t', ' ').strip(), LONGEST);
    }

    /** {@code 1 test}, {@code 7 tests}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
