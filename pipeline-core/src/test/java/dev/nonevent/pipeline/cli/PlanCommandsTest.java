package dev.nonevent.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.secret.SecretSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PlanCommandsTest {

    private final Screen screen = new Screen();

    @TempDir
    Path home;

    @Test
    void aPlanSaysWhatARunLikeThisWouldSkip() {
        assertThat(run("plan", "--branch", "dev")).isZero();

        assertThat(screen.out()).contains("skipped: the branch is dev, not: the branch is main");
    }

    @Test
    void aPlanIsComparedWithAnEarlierOne() throws IOException {
        Path earlier = Files.writeString(home.resolve("plan.json"), """
                {"pipeline": "shop", "steps": [{"name": "build", "kind": "stage"}]}
                """);

        assertThat(run("plan", "--diff", earlier.toString())).isZero();

        assertThat(screen.out()).contains("stage \"publish\" is new\n");
    }

    @Test
    void aFileThatIsNoPlanEndsWith64AndASentence() throws IOException {
        Path other = Files.writeString(home.resolve("pom.xml"), "<project/>");

        assertThat(run("plan", "--diff", other.toString())).isEqualTo(64);
        assertThat(run("plan", "--diff", home.resolve("nothing").toString())).isEqualTo(64);

        assertThat(screen.err())
                .contains("pom.xml: this is not the JSON of a plan")
                .contains("nothing cannot be read as text");
    }

    @Test
    void aGraphIsDrawnForMermaidOrGraphviz() {
        assertThat(run("graph")).isZero();
        assertThat(run("graph", "--format", "dot")).isZero();

        assertThat(screen.out()).contains("flowchart LR\n", "digraph \"shop\" {\n");
    }

    @Test
    void aDoctorWhoFindsNothingEndsWith0() {
        assertThat(run(home, Map.of("TOKEN", "hunter2!"), "doctor")).isZero();

        assertThat(screen.out())
                .contains("ok       home: " + home, "ok       request: ", "nothing is in the way of a run\n");
        assertThat(home.resolve("runs")).doesNotExist();
    }

    @Test
    void aDoctorNamesWhatIsMissingAndEndsWith2() {
        assertThat(run("doctor")).isEqualTo(2);

        assertThat(screen.out())
                .contains("TROUBLE  request: secret \"token\" is missing: looked in environment variable TOKEN\n")
                .endsWith("1 thing is in the way of a run\n");
    }

    @Test
    void aHomeThatIsAFileIsInTheWay() throws IOException {
        Path file = Files.writeString(home.resolve("taken"), "");

        int code = run(file, Map.of("TOKEN", "hunter2!"), "doctor");

        assertThat(code).isEqualTo(2);
        assertThat(screen.out()).contains("TROUBLE  home: " + file + " cannot be written");
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        assertThat(run("completion", "--name", "deliver")).isZero();
        Path script = Files.writeString(home.resolve("completion.bash"), screen.out());

        assertThat(completed(script, "deliver", "rollb")).isEqualTo(List.of("rollback"));
        assertThat(completed(script, "deliver", "plan", "--for")).isEqualTo(List.of("--format"));
    }

    @Test
    void aProgramThatIsNoNameIsNotWrittenIntoAScript() {
        assertThat(run("completion", "--name", "$(reboot)")).isEqualTo(64);

        assertThat(screen.err()).contains("--name is the name of a program");
        assertThat(screen.out()).isEmpty();
    }

    /** What bash offers for the last of these words. */
    private static List<String> completed(Path script, String... words) throws Exception {
        String ask =
                "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\"; COMP_POINT=${#COMP_LINE};"
                        + " \"_complete_$1\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> argv = new ArrayList<>(List.of("bash", "-c", ask, "bash", script.toString()));
        argv.addAll(List.of(words));
        Process bash = new ProcessBuilder(argv)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // it says that nobody is typing
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return out.lines().map(String::strip).toList();
    }

    private static void shop(Scope p) {
        var token = p.secret("token");
        p.stage("build").secret(token).run(ctx -> 1);
        p.stage("publish").when(Condition.branchIs("main")).run(ctx -> 1);
    }

    private int run(String... arguments) {
        return run(home, Map.of(), arguments);
    }

    private int run(Path where, Map<String, String> secrets, String... arguments) {
        return screen.main(where, PlanCommandsTest::shop)
                .secrets(SecretSource.environment(secrets))
                .run(arguments);
    }
}
