package dev.nonevent.pipeline.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.source.Git;
import dev.nonevent.pipeline.source.GitSource;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is served, to whom, and how much of it. */
@Timeout(120)
class PushServerDoorTest extends PushStand {

    @Test
    void cloneFetchAndDepthOneWorkInBothProtocols() throws IOException {
        work.must("push", "-q", "origin", "main");
        work.file("verdict", "good\n").commit("Second");
        work.must("push", "-q", "origin", "main");
        Git here = new Git(temp, temp);

        here.must("clone", "-q", server.address().toString(), "full");
        here.must("-c", "protocol.version=0", "clone", "-q", server.address().toString(), "old");
        here.must("clone", "-q", "--depth", "1", server.address().toString(), "shallow");

        assertThat(new Git(temp.resolve("full"), temp).must("rev-list", "--count", "main"))
                .isEqualTo("2");
        assertThat(new Git(temp.resolve("old"), temp).must("rev-list", "--count", "main"))
                .isEqualTo("2");
        assertThat(new Git(temp.resolve("shallow"), temp).must("rev-list", "--count", "main"))
                .isEqualTo("1");
        work.file("more", "x").commit("Third");
        work.must("push", "-q", "origin", "main");
        new Git(temp.resolve("shallow"), temp).must("pull", "-q");
        assertThat(temp.resolve("shallow/more")).hasContent("x");
    }

    @Test
    void largePushIsTaken() throws IOException {
        byte[] noise = new byte[20_000_000];
        new Random(1).nextBytes(noise);
        Files.write(work.directory().resolve("noise"), noise);
        work.commit("Second");

        Git.Answer answer = work.run("push", "origin", "main");

        assertThat(answer.exitCode()).as(answer.text()).isZero();
        assertThat(onServer("refs/heads/main")).isEqualTo(head());
    }

    @RepeatedTest(10)
    void pushThatIsTooLargeIsRefusedInASentence() throws IOException {
        server.close();
        server = PushServer.serving(temp.resolve("shop.git"))
                .mostPackBytes(100_000)
                .runs(
                        Plan.of(shop(GitSource.git(temp.resolve("shop.git")))),
                        PipelineRunner.in(temp.resolve("home")).artifacts(new Kept()))
                .start();
        byte[] noise = new byte[3_000_000];
        new Random(1).nextBytes(noise);
        Files.write(work.directory().resolve("noise"), noise);
        work.commit("Second");

        Git.Answer answer = work.run("push", server.address().toString(), "main");

        assertThat(answer.exitCode()).isNotZero();
        assertThat(answer.text()).contains("more than 100000 bytes in one request are not taken");
        assertThat(onServer("refs/heads/main")).isEmpty();
        assertThat(seen).isEmpty();
    }

    @Test
    void sourceOverHttpFetchesFromThisServer() throws IOException {
        work.must("push", "-q", "origin", "main");
        URI address = server.address();
        ConcurrentLinkedQueue<String> commits = new ConcurrentLinkedQueue<>();
        Pipeline reader = Pipeline.define("reader", p -> {
            var checkout = p.stage("checkout").run(GitSource.git(address).branch("main"));
            p.stage("read")
                    .needs(checkout)
                    .run((ctx, tree) -> commits.add(tree.revision().commit()));
        });
        PipelineRunner runner = PipelineRunner.in(temp.resolve("home")).artifacts(new Kept());

        runTwice(runner, reader);

        assertThat(commits).containsExactly(head(), head());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /shop.git/../shop.git/info/refs?service=git-upload-pack",
                "GET /shop.git/%2e%2e/etc/passwd",
                "GET /other.git/info/refs?service=git-upload-pack",
                "GET /shop.git/HEAD",
                "GET /",
                "DELETE /shop.git/info/refs"
            })
    void nothingButThisRepositoryIsServed(String request) throws IOException {
        assertThat(raw(request, "127.0.0.1")).startsWith("HTTP/1.1 404");
    }

    @Test
    void requestForAnotherHostIsRefused() throws IOException {
        assertThat(raw("GET /shop.git/info/refs?service=git-upload-pack", "evil.example"))
                .startsWith("HTTP/1.1 421");
        assertThat(raw("GET /shop.git/info/refs?service=git-upload-pack", "localhost:80"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void formOfAWebPageIsNoPush() throws IOException {
        assertThat(raw("POST /shop.git/git-receive-pack", "127.0.0.1")).startsWith("HTTP/1.1 415");
    }

    @Test
    void portInUseIsOneSentence() {
        assertThatThrownBy(() -> PushServer.serving(temp.resolve("second.git"))
                        .port(server.address().getPort())
                        .runs(
                                Plan.of(shop(GitSource.git(temp.resolve("second.git")))),
                                PipelineRunner.in(temp.resolve("home")))
                        .start())
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("port " + server.address().getPort());
    }

    @Test
    void directoryThatIsSomethingElseIsNotTouched() throws IOException {
        Path plain = Files.createDirectories(temp.resolve("plain"));
        Files.writeString(plain.resolve("file"), "mine");

        assertThatThrownBy(() -> PushServer.serving(plain)
                        .runs(Plan.of(shop(GitSource.git(plain))), PipelineRunner.in(temp.resolve("home")))
                        .start())
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("neither empty nor a bare git repository");
        try (Stream<Path> files = Files.list(plain)) {
            assertThat(files.map(Path::getFileName).map(Path::toString).collect(Collectors.toList()))
                    .containsExactly("file");
        }
    }

    private static void runTwice(PipelineRunner runner, Pipeline pipeline) {
        for (int round = 0; round < 2; round++) {
            try {
                assertThat(runner.run(Plan.of(pipeline), dev.nonevent.pipeline.run.RunRequest.of(Trigger.manual()))
                                .firstProblem())
                        .isEqualTo("nothing");
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    private String raw(String request, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write((request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
