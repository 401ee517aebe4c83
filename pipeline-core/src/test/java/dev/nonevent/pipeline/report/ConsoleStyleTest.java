package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleStyleTest {

    @Test
    void aTerminalIsRedrawnInColour() {
        ConsoleStyle style = choose(ConsoleMode.AUTO, true);

        assertThat(style.live()).isTrue();
        assertThat(style.colour()).isTrue();
    }

    @Test
    void whatIsNoTerminalIsPlain() {
        ConsoleStyle style = choose(ConsoleMode.AUTO, false);

        assertThat(style.live()).isFalse();
        assertThat(style.colour()).isFalse();
    }

    @Test
    void whatWasAskedForWins() {
        assertThat(choose(ConsoleMode.RICH, false, "CI", "true").live()).isTrue();
        assertThat(choose(ConsoleMode.PLAIN, true).live()).isFalse();
    }

    @Test
    void aDumbTerminalAndAContinuousIntegrationArePlain() {
        assertThat(choose(ConsoleMode.AUTO, true, "TERM", "dumb").live()).isFalse();
        assertThat(choose(ConsoleMode.AUTO, true, "CI", "true").live()).isFalse();
        assertThat(choose(ConsoleMode.AUTO, true, "GITHUB_ACTIONS", "true").live())
                .isFalse();
        assertThat(choose(ConsoleMode.AUTO, true, "CI", "").live()).isTrue();
        assertThat(choose(ConsoleMode.AUTO, true, "CI", "false").live()).isTrue();
    }

    @Test
    void noColourTakesOnlyTheColourAway() {
        ConsoleStyle style = choose(ConsoleMode.AUTO, true, "NO_COLOR", "1", "CLICOLOR_FORCE", "1");

        assertThat(style.live()).isTrue();
        assertThat(style.colour()).isFalse();
    }

    @Test
    void colourCanBeForced() {
        assertThat(choose(ConsoleMode.AUTO, false, "CLICOLOR_FORCE", "1").colour())
                .isTrue();
        assertThat(choose(ConsoleMode.AUTO, false, "FORCE_COLOR", "1").colour()).isTrue();
        assertThat(choose(ConsoleMode.AUTO, false, "CLICOLOR_FORCE", "0").colour())
                .isFalse();
    }

    @Test
    void signsThatTheCharsetLacksAreReplaced() {
        assertThat(ConsoleStyle.choose(ConsoleMode.AUTO, Map.of(), true, StandardCharsets.US_ASCII)
                        .ascii())
                .isTrue();
        assertThat(ConsoleStyle.choose(ConsoleMode.AUTO, Map.of(), true, StandardCharsets.ISO_8859_1)
                        .ascii())
                .isTrue();
        assertThat(choose(ConsoleMode.AUTO, true).ascii()).isFalse();
    }

    @Test
    void theSizeComesFromTheEnvironmentAndIsNeverUseless() {
        assertThat(choose(ConsoleMode.AUTO, true, "COLUMNS", "120", "LINES", "50"))
                .extracting(ConsoleStyle::width, ConsoleStyle::height)
                .containsExactly(120, 50);
        assertThat(choose(ConsoleMode.AUTO, true, "COLUMNS", "0", "LINES", "-3"))
                .extracting(ConsoleStyle::width, ConsoleStyle::height)
                .containsExactly(40, 24);
    }

    private static ConsoleStyle choose(ConsoleMode asked, boolean terminal, String... environment) {
        Map<String, String> variables = new java.util.HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        return ConsoleStyle.choose(asked, variables, terminal, StandardCharsets.UTF_8);
    }
}
