package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tells a secret is not kept; what tells one all the same fails its run. */
@Timeout(60)
class LeakAuditTest {

    private static final String VALUE = "hunter2-correct-horse";

    @TempDir
    Path home;

    @Test
    void anArtifactThatTellsASecretIsNotKeptAndFailsItsStageByFileAndOffset() throws Exception {
        Bench bench = run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> {
                Files.writeString(ctx.workspace().resolve("app.conf"), "password=" + ctx.reveal(token));
                return ctx.artifact("app.conf");
            });
        });

        assertThat(bench.heard.end("build").outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(bench.heard.end("build").outcome().sentence())
                .isEqualTo("not kept: app.conf tells secret \"token\" at byte 9; change the secret, and keep its value"
                        + " out of files");
        assertThat(filesThatTell(VALUE)).isEmpty();
    }

    @Test
    void aSecretFarInsideALargeFileIsFoundAcrossTheBordersOfWhatIsReadAtOnce() throws Exception {
        for (int before : new int[] {64 * 1024 - 5, 128 * 1024, 300_000}) {
            Bench bench = run(p -> {
                Secret token = p.secret("token");
                p.stage("build").secret(token).run(ctx -> {
                    Files.writeString(ctx.workspace().resolve("big"), "x".repeat(before) + ctx.reveal(token) + "y");
                    return ctx.artifacts().keep(ctx.workspace().resolve("big"));
                });
            });

            assertThat(bench.heard.end("build").outcome().sentence()).contains("at byte " + before + ";");
        }
    }

    @Test
    void aTreeIsLookedThroughWithItsNamesAndLinks() throws Exception {
        for (String where : new String[] {"content", "name", "directory", "link"}) {
            Bench bench = run(p -> {
                Secret token = p.secret("token");
                p.stage("build").secret(token).run(ctx -> {
                    Path top = Files.createDirectories(ctx.workspace().resolve("out/deep/work"));
                    String value = ctx.reveal(token);
                    switch (where) {
                        case "content" -> Files.writeString(top.resolve("file"), value);
                        case "name" -> Files.createFile(top.resolve("of " + value));
                        case "directory" -> Files.createDirectory(top.resolve(value));
                        default -> Files.createSymbolicLink(top.resolve("link"), Path.of(value));
                    }
                    return ctx.tree("out");
                });
            });

            assertThat(bench.heard.end("build").outcome().sentence())
                    .as(where)
                    .startsWith("not kept: ")
                    .contains("tells secret \"token\"")
                    .doesNotContain(VALUE);
            assertThat(filesThatTell(VALUE)).isEmpty();
        }
    }

    @Test
    void aFileThatLiesInTheFolderOfTheRunFailsTheRunThatPassed() throws Exception {
        Bench bench = bench();
        RunResult result = bench.run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> {
                Path folder = ctx.home().resolve("runs");
                try (Stream<Path> runs = Files.list(folder)) {
                    Files.writeString(runs.findFirst().orElseThrow().resolve("dump.txt"), "env: " + ctx.reveal(token));
                }
                return 1;
            });
        });

        assertThat(bench.heard.end("build").outcome().hasPassed()).isTrue();
        assertThat(result.outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(result.outcome().sentence())
                .isEqualTo("runs/" + result.id() + "/dump.txt tells secret \"token\" at byte 5; change the secret, and"
                        + " keep its value out of files");
        assertThat(bench.heard.all(RunEvent.RunEnded.class).get(0).outcome()).isEqualTo(result.outcome());
        assertThat(bench.heard.notes()).singleElement().asString().contains("dump.txt");
        assertThat(Files.readString(home.resolve("history/shop.jsonl"))).contains("\"outcome\":\"FAILED\"");
    }

    @Test
    void aRunThatDidNotPassKeepsItsOutcomeAndTheLeakIsNoted() throws Exception {
        Bench bench = bench();
        RunResult result = bench.run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> {
                try (Stream<Path> runs = Files.list(ctx.home().resolve("runs"))) {
                    Files.writeString(runs.findFirst().orElseThrow().resolve("dump.txt"), ctx.reveal(token));
                }
                throw new IllegalStateException("no luck");
            });
        });

        assertThat(result.outcome().sentence()).isEqualTo("build: no luck");
        assertThat(bench.heard.notes())
                .singleElement()
                .asString()
                .contains("dump.txt tells secret \"token\" at byte 0");
    }

    @Test
    void aValueThatHoldsASecretIsHandedOnAndWrittenNowhere() throws Exception {
        Bench bench = bench();
        bench.run(p -> {
            Secret token = p.secret("token");
            Stage<String> header = p.stage("header").secret(token).run(ctx -> "Bearer " + ctx.reveal(token));
            p.stage("length").needs(header).run((ctx, value) -> {
                ctx.log("it has " + value.length() + " letters");
                return 1;
            });
        });

        assertThat(bench.heard.lines()).containsExactly("it has " + ("Bearer " + VALUE).length() + " letters");
        assertThat(filesThatTell(VALUE)).isEmpty();
    }

    @Test
    void whatWasMaskedInALogIsNoLeak() throws Exception {
        RunResult result = bench().run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> {
                ctx.log("login with " + ctx.reveal(token));
                return 1;
            });
        });

        assertThat(result.outcome().hasPassed()).isTrue();
    }

    @Test
    void aShortLeafThatIsAnOrdinaryWordIsMaskedButNoLeak() throws Exception {
        Bench bench = new Bench(PipelineRunner.in(home)
                .executor(new FakeExecutor())
                .secrets(SecretSource.environment(Map.of("ACCOUNT", "{\"env\": \"prod\", \"key\": \"kq8-7fgh-22\"}"))));
        bench.run(p -> {
            Secret account = p.secret("account");
            Stage<Artifact> named = p.stage("named").secret(account).run(ctx -> {
                Files.writeString(ctx.workspace().resolve("app.conf"), "environment=prod");
                ctx.log("for prod");
                ctx.exec("say", "prod");
                return ctx.artifact("app.conf");
            });
            p.stage("keyed").needs(named).secret(account).run((ctx, artifact) -> {
                Files.writeString(ctx.workspace().resolve("app.conf"), "key=kq8-7fgh-22");
                return ctx.artifact("app.conf");
            });
        });

        assertThat(bench.heard.lines()).contains("for ***account***");
        assertThat(bench.heard.end("named").outcome().hasPassed()).isTrue();
        assertThat(bench.heard.end("keyed").outcome().sentence())
                .contains("app.conf tells secret \"account\" at byte 4");
    }

    @Test
    void aFolderThatCannotBeReadIsNoPass() throws Exception {
        RunResult result = bench().run(p -> {
            Secret token = p.secret("token");
            p.stage("build").secret(token).run(ctx -> {
                Removal.of(ctx.home().resolve("runs"));
                return 1;
            });
        });

        assertThat(result.outcome()).isInstanceOf(Outcome.Errored.class);
        assertThat(result.outcome().sentence()).startsWith("nobody knows whether a secret is in ");
    }

    private Bench run(Consumer<Scope> body) throws InterruptedException {
        Bench bench = bench();
        bench.run(body);
        return bench;
    }

    private Bench bench() {
        return new Bench(PipelineRunner.in(home)
                .executor(new FakeExecutor())
                .secrets(SecretSource.environment(Map.of("TOKEN", VALUE))));
    }

    private List<Path> filesThatTell(String value) throws IOException {
        try (Stream<Path> files = Files.walk(home, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(file -> file.toString().contains(value) || holds(file, value))
                    .toList();
        }
    }

    private static boolean holds(Path file, String value) {
        try {
            return Files.isRegularFile(file)
                    && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(value);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
