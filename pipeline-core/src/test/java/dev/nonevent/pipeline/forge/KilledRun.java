package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.post.JumpingClock;
import dev.nonevent.pipeline.secret.Secret;
import dev.nonevent.pipeline.secret.SecretSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** A process in which a run has begun and never ends; it says so, and waits to be killed. */
final class KilledRun {

    private KilledRun() {}

    static CommitStatuses statuses(Path home, URI api) {
        return CommitStatuses.gitHub(home, "acme/shop", new Secret("github-token"))
                .api(api)
                .secrets(SecretSource.environment(Map.of("GITHUB_TOKEN", "hunter2hunter2")))
                .time(new JumpingClock());
    }

    /** @param commands home, API, run */
    public static void main(String... commands) throws IOException {
        new Told(statuses(Path.of(commands[0]), URI.create(commands[1])), commands[2]).started();
        System.out.println("begun");
        System.in.read();
    }

    /** Such a process, once its run has begun. */
    static Process begun(Path home, URI api, String run) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRun.class.getName(),
                        home.toString(),
                        api.toString(),
                        run)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = process.inputReader().readLine();
        if (!"begun".equals(said)) {
            process.destroyForcibly();
            throw new AssertionError("it said " + said);
        }
        return process;
    }
}
