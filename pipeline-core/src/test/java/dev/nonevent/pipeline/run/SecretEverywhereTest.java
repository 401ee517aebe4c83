package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.report.ConsoleMode;
import dev.nonevent.pipeline.report.ConsoleReport;
import dev.nonevent.pipeline.report.ConsoleStyle;
import dev.nonevent.pipeline.report.HtmlReport;
import dev.nonevent.pipeline.report.JUnitXmlReport;
import dev.nonevent.pipeline.report.JsonReport;
import dev.nonevent.pipeline.report.MarkdownReport;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.work.StageContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One run tells its secret in every way it can; nobody who looks anywhere afterwards, or meanwhile, can read it. */
@Timeout(120)
class SecretEverywhereTest {

    private static final String VALUE = "it's \"hünter\" & <2> $100/100%+\\t00";
    private static final String KEY =
            "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n}\nCAQEAu1SU1LfVLPHCoz\n-----END KEY-----\n";
    private static final String LEAF = "s3cr3t-in-a-leaf";
    private static final String ACCOUNT = "{\n  \"user\": \"ci\",\n  \"password\": \"" + LEAF + "\"\n}";

    @TempDir
    Path home;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final List<String> processes = new ArrayList<>();

    @Test
    void aSecretOfARunAppearsNowhereInWhateverEncodingItIsTold() throws Exception {
        Bench bench = bench();

        RunResult result = bench.run(this::pipeline);

        assertThat(result.outcomes().values())
                .as("every stage told what it was to tell: " + result.outcomes())
                .extracting(outcome -> outcome.word())
                .containsExactly("passed", "passed", "FAILED", "FAILED", "FAILED", "BLOCKED", "FAILED");
        StringBuilder told = new StringBuilder(console.toString(StandardCharsets.UTF_8));
        bench.heard.events().forEach(event -> told.append(event).append('\n'));
        bench.heard
                .all(RunEvent.StageEnded.class)
                .forEach(end -> end.outcome()
                        .failed()
                        .flatMap(failure -> failure.cause())
                        .ifPresent(thrown -> told.append(trace(thrown))));
        told.append(result).append(result.outcomes());
        assertNothingIn("what was told", told.toString());
        assertThat(processes).hasSizeGreaterThan(3).anyMatch(line -> line.contains("for each in /proc"));
        assertNothingIn("the process list", String.join("\n", processes));
        assertNothingInFiles();
        assertThat(told.toString()).contains("***token***", "***key***", "***account***");
    }

    private void pipeline(Scope p) {
        Secret token = p.secret("token");
        Secret key = p.secret("key");
        Secret account = p.secret("account");
        p.stage("command")
                .env("TOKEN", token)
                .env("KEY", key)
                .env("ACCOUNT", account)
                .run(ctx -> {
                    ctx.exec("sh", "-c", "printf '%s\\n' \"t=$TOKEN.\" \"$KEY\" \"$ACCOUNT\"; set -x; : \"$TOKEN\"");
                    ctx.exec(
                            "sh",
                            "-c",
                            "for s in \"$TOKEN\" \"$KEY\" \"$ACCOUNT\"; do"
                                    + " printf %s \"$s\" | base64; printf %s \"$s\" | base64 -w0; echo;"
                                    + " printf 'user:%s:' \"$s\" | base64 -w0; echo;"
                                    + " printf %s \"$s\" | od -An -v -tx1 | tr -d ' \\n'; echo; done");
                    ctx.exec("bash", "-c", "set -x; printf '%q\\n' \"$TOKEN\"; : \"$TOKEN\"");
                    look(ctx);
                    return 1;
                });
        p.stage("encoded").secret(token).secret(key).secret(account).run(ctx -> {
            for (String form : forms(List.of(ctx.reveal(token), ctx.reveal(key), ctx.reveal(account), LEAF))) {
                ctx.log("form " + form + " end");
                Files.writeString(ctx.workspace().resolve("form"), form);
                ctx.exec("cat", "form");
            }
            return 1;
        });
        p.stage("exception").secret(token).run(ctx -> {
            IllegalStateException cause = new IllegalStateException("401 for " + ctx.reveal(token));
            cause.addSuppressed(new IOException("https://x/?t=" + URLEncoder.encode(VALUE, StandardCharsets.UTF_8)));
            throw new IllegalStateException("no login as " + ctx.reveal(token), cause);
        });
        p.stage("file name").secret(account).run(ctx -> {
            Files.createFile(ctx.workspace().resolve("of " + LEAF));
            return ctx.artifact("of *");
        });
        p.stage("artifact").secret(key).run(ctx -> {
            Files.writeString(ctx.workspace().resolve("id_rsa"), ctx.reveal(key));
            return ctx.tree(".");
        });
        p.gate("verdict").secret(token).check(ctx -> Verdict.block("found " + VALUE, List.of("in " + VALUE)));
        p.stage("argument").secret(token).run(ctx -> ctx.exec("sleep", ctx.reveal(token)));
        p.onFinish(run -> {
            throw new IllegalStateException("https://hooks.example/" + VALUE + "/" + LEAF);
        });
    }

    /** As anybody on the machine can, while a command of the stage runs. */
    private void look(StageContext ctx) throws InterruptedException {
        Path list = ctx.workspace().resolve("list");
        // What ps prints; a bare machine has no ps.
        ctx.exec("sh", "-c", "for each in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $each; echo; done > list 2>&1; true");
        try {
            processes.addAll(Files.readAllLines(list));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Bench bench() {
        ConsoleReport report = ConsoleReport.of(
                new PrintStream(console, true, StandardCharsets.UTF_8),
                ConsoleStyle.choose(ConsoleMode.PLAIN, Map.of(), false, StandardCharsets.UTF_8));
        return new Bench(PipelineRunner.in(home)
                .executor(LocalExecutor.local())
                .listener(report)
                .listener(HtmlReport.inRunFolder())
                .listener(JsonReport.inRunFolder())
                .listener(JUnitXmlReport.inRunFolder())
                .listener(MarkdownReport.inRunFolder())
                .secrets(SecretSource.environment(Map.of("TOKEN", VALUE, "KEY", KEY, "ACCOUNT", ACCOUNT))));
    }

    private void assertNothingInFiles() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            List<Path> all = files.toList();
            assertThat(all)
                    .hasSizeGreaterThan(11)
                    .extracting(file -> file.getFileName().toString())
                    .contains(HtmlReport.NAME, JsonReport.NAME, JUnitXmlReport.NAME, MarkdownReport.NAME);
            for (Path file : all) {
                assertNothingIn("the name of " + file, home.relativize(file).toString());
                if (Files.isRegularFile(file)) {
                    assertNothingIn(file.toString(), Files.readString(file));
                }
            }
        }
    }

    private static void assertNothingIn(String where, String text) {
        List<String> clues = new ArrayList<>(forms(List.of(VALUE, KEY, LEAF)));
        clues.addAll(List.of("MIIEvQIBADANBgkqhkiG9w0", "CAQEAu1SU1LfVLPHCoz", "hünter", "h\\u00fcnter", "100/100%"));
        for (String clue : clues) {
            int at = text.indexOf(clue);
            assertThat(at < 0 ? "" : text.substring(Math.max(0, at - 40), Math.min(text.length(), at + 60)))
                    .as("%s tells %s", where, clue)
                    .isEmpty();
        }
        String flat = text.toLowerCase(Locale.ROOT);
        assertThat(flat.contains(hex(LEAF)))
                .as("%s tells the leaf in hexadecimal", where)
                .isFalse();
    }

    /** Written out here by hand or by the JDK, not by the code under test. */
    private static List<String> forms(List<String> values) {
        List<String> forms = new ArrayList<>();
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            String url = URLEncoder.encode(value, StandardCharsets.UTF_8);
            forms.addAll(List.of(value, value.replace("\n", "\r\n"), value.replace("\n", "\\n"), url));
            forms.add(url.replace("+", "%20"));
            forms.add(hex(value));
            forms.add(hex(value).toUpperCase(Locale.ROOT));
            forms.add(value.replace("'", "'\\''"));
            forms.add(value.replace("$", "$$"));
            forms.add(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
            forms.add(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
            forms.add(Base64.getEncoder().encodeToString(bytes));
            forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            for (String before : List.of("", "a", "ab")) {
                String inside =
                        Base64.getEncoder().encodeToString((before + value + "zzz").getBytes(StandardCharsets.UTF_8));
                int from = (before.length() * 8 + 5) / 6;
                forms.add(inside.substring(from, (before.length() + bytes.length) * 8 / 6));
            }
        }
        return forms;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }
}
