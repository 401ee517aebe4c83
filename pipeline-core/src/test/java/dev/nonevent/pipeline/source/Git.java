package dev.nonevent.pipeline.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real git command line in one directory, with a home of its own. */
public final class Git {

    private final Path directory;
    private final Path home;

    public Git(Path directory, Path home) {
        this.directory = directory;
        this.home = home;
    }

    /** What a command printed, both streams, and how it exited. */
    public record Answer(int exitCode, String text) {}

    /** A new repository whose branch is main. */
    public static Git init(Path directory, Path home, String... options) throws IOException {
        Files.createDirectories(directory);
        Git git = new Git(directory, home);
        List<String> words = new ArrayList<>(List.of("init", "-q", "-b", "main"));
        words.addAll(List.of(options));
        git.must(words.toArray(String[]::new));
        return git;
    }

    public Path directory() {
        return directory;
    }

    public String must(String... words) throws IOException {
        Answer answer = run(words);
        if (answer.exitCode() != 0) {
            throw new AssertionError(
                    "git " + String.join(" ", words) + " exited " + answer.exitCode() + ": " + answer.text());
        }
        return answer.text().strip();
    }

    public Answer run(String... words) throws IOException {
        Process process = start(words);
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("git " + String.join(" ", words) + " did not end");
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            throw new AssertionError(interrupted);
        }
        return new Answer(process.exitValue(), text);
    }

    public Process start(String... words) throws IOException {
        List<String> argv = new ArrayList<>(List.of("git"));
        argv.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("LC_ALL", "C.UTF-8");
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            builder.environment().put("GIT_" + role + "_NAME", "Ada");
            builder.environment().put("GIT_" + role + "_EMAIL", "ada@example.org");
        }
        return builder.start();
    }

    public Git file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** Everything in the directory as one commit; its id. */
    public String commit(String message) throws IOException {
        must("add", "-A");
        must("commit", "-q", "--allow-empty", "-m", message);
        return must("rev-parse", "HEAD");
    }
}
