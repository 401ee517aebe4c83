package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is read in loops for the sake of speed is what these expressions say. */
class ScrutinyTest {

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HOST = Pattern.compile("[^\\s,/@?#\\\\]+");
    private static final Pattern TARGET =
            Pattern.compile("(?i)(https?://[^\\s/?#@\\\\]+)?(/[!-~&&[^#]]*|\\?[!-~&&[^#]]*)?");
    private static final List<String> PIECES = List.of(
            "",
            "http://",
            "HTTPS://",
            "https:/",
            "shop",
            "[::1]:80",
            "/",
            "?",
            "#",
            "@",
            ",",
            "\\",
            " ",
            "\t",
            "\n",
            "\u000b",
            "\f",
            "\r",
            "\u0000",
            "\u007f",
            "~",
            "!",
            "%41",
            "é",
            "\u0130",
            "*",
            "0",
            "7",
            "123456789",
            "-",
            "+",
            ":");

    @Test
    void lengthsAreOneToEighteenDigits() {
        agree(text -> LENGTH.matcher(text).matches(), Scrutiny::isLength);
    }

    @Test
    void hostsHaveNothingOfAListAUserOrAPath() {
        agree(text -> HOST.matcher(text).matches(), Scrutiny::isHost);
    }

    @Test
    void targetsArePathsPerhapsBehindAHost() {
        agree(
                text -> !text.isEmpty()
                        && !text.startsWith("?")
                        && TARGET.matcher(text).matches(),
                Scrutiny::isTarget);
    }

    private static void agree(Predicate<String> expression, Predicate<String> loop) {
        Random random = new Random(17);
        int good = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = random.nextInt(5); pieces >= 0; pieces--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            boolean expected = expression.test(text.toString());
            assertThat(loop.test(text.toString())).as("\"%s\"", text).isEqualTo(expected);
            good += expected ? 1 : 0;
        }
        assertThat(good).as("texts that are good").isGreaterThan(1_000);
    }
}
