package dev.nonevent.pipeline.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GitSourceTest {

    @TempDir
    Path temp;

    private Git work;
    private Path bare;

    @BeforeEach
    void aRepository() throws IOException {
        work = Git.init(temp.resolve("work"), temp);
        work.file("README", "one\n").file("src/Shop.java", "class Shop {}\n").commit("First\n\nwith a body");
        bare = temp.resolve("shop.git");
        work.must("clone", "-q", "--bare", ".", bare.toString());
    }

    private Stand stand(Trigger trigger) throws IOException {
        return new Stand(temp.resolve("home"), trigger);
    }

    private Checkout checkout(GitSource source) throws Exception {
        return source.run(stand(Trigger.manual()));
    }

    private static Trigger push(String repository, String branch, String commit) {
        return new Trigger("push", Optional.of(repository), Optional.of(branch), Optional.of(commit), "ada");
    }

    @Test
    void tipOfTheBranchIsCheckedOutWithoutGitData() throws Exception {
        Checkout checkout = checkout(GitSource.git(bare).branch("main"));

        assertThat(checkout.tree().path().resolve("src/Shop.java")).hasContent("class Shop {}\n");
        assertThat(checkout.tree().path().resolve(".git")).doesNotExist();
        assertThat(checkout.tree().files()).isEqualTo(2);
        assertThat(checkout.revision())
                .returns("file://" + bare, Revision::repository)
                .returns(Optional.of("main"), Revision::branch)
                .returns(work.must("rev-parse", "HEAD"), Revision::commit)
                .returns("Ada", Revision::author)
                .returns("First", Revision::subject);
    }

    @Test
    void repositoryWithAWorkTreeGivesItsCommitsAndNotItsFiles() throws Exception {
        work.file("README", "not committed\n");

        assertThat(checkout(GitSource.git(work.directory())).tree().path().resolve("README"))
                .hasContent("one\n");
    }

    @Test
    void triggerDecidesOnTheCommitEvenIfItIsOnNoBranchYet() throws Exception {
        String first = work.must("rev-parse", "HEAD");
        String pushed = work.file("README", "two\n").commit("Second");
        work.must("push", "-q", bare.toString(), pushed + ":refs/heads/gone");
        new Git(bare, temp).must("update-ref", "-d", "refs/heads/gone");

        GitSource source = GitSource.git(bare).branch("main");
        Checkout checkout = source.run(stand(push(source.repository(), "main", pushed)));

        assertThat(checkout.revision().commit()).isEqualTo(pushed);
        assertThat(checkout.tree().path().resolve("README")).hasContent("two\n");
        assertThat(checkout(source).revision().commit()).isEqualTo(first);
    }

    @Test
    void triggerAboutAnotherRepositoryDecidesNothing() throws Exception {
        GitSource source = GitSource.git(bare);

        Checkout checkout = source.run(stand(push("file:///somewhere/else", "other", "0".repeat(39) + "1")));

        assertThat(checkout.revision().branch()).contains("main");
    }

    @Test
    void branchOfATriggerAboutNoRepositoryIsTaken() throws Exception {
        work.must("push", "-q", bare.toString(), "HEAD:refs/heads/feature/x");

        Checkout checkout = GitSource.git(bare).run(stand(Trigger.manual().onBranch("feature/x")));

        assertThat(checkout.revision().branch()).contains("feature/x");
    }

    @Test
    void executableBitsAndInnerLinksAreKept() throws Exception {
        work.file("run.sh", "#!/bin/sh\n").file("a/b/real", "x");
        assertThat(work.directory().resolve("run.sh").toFile().setExecutable(true))
                .isTrue();
        Files.createSymbolicLink(work.directory().resolve("a/link"), Path.of("b/../b/real"));
        work.commit("Second");

        Path tree = checkout(GitSource.git(work.directory())).tree().path();

        assertThat(Files.isExecutable(tree.resolve("run.sh"))).isTrue();
        assertThat(Files.isExecutable(tree.resolve("README"))).isFalse();
        assertThat(tree.resolve("a/link")).isSymbolicLink().hasContent("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/file", "../../outside", "a/../../outside"})
    void linkThatLeavesTheTreeIsRefused(String target) throws Exception {
        Files.createSymbolicLink(work.directory().resolve("link"), Path.of(target));
        work.commit("Second");

        assertThatThrownBy(() -> checkout(GitSource.git(work.directory())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("link is a symbolic link that leaves the tree");
    }

    @Test
    void linkThatLeavesTheTreeThroughAnotherLinkIsRefused() throws Exception {
        work.file("a/b/c/file", "x");
        Files.createSymbolicLink(work.directory().resolve("a/b/c/top"), Path.of("../../.."));
        Files.createSymbolicLink(work.directory().resolve("out"), Path.of("a/b/c/top/../../passwd"));
        work.commit("Second");

        assertThatThrownBy(() -> checkout(GitSource.git(work.directory())))
                .hasMessageContaining("out is a symbolic link that leaves the tree");
    }

    @Test
    void linksInACircleAreRefused() throws Exception {
        Files.createSymbolicLink(work.directory().resolve("a"), Path.of("b"));
        Files.createSymbolicLink(work.directory().resolve("b"), Path.of("a"));
        work.commit("Second");

        assertThatThrownBy(() -> checkout(GitSource.git(work.directory()))).hasMessageContaining("round in circles");
    }

    @Test
    void filtersOfTheRepositoryDoNotRun() throws Exception {
        work.file(".gitattributes", "* filter=evil\n");
        work.must("config", "filter.evil.smudge", "touch " + temp.resolve("smudged"));
        work.commit("Second");

        checkout(GitSource.git(work.directory()));

        assertThat(temp.resolve("smudged")).doesNotExist();
    }

    @Test
    void submodulesAreLeftOutAndNamed() throws Exception {
        work.must("update-index", "--add", "--cacheinfo", "160000," + work.must("rev-parse", "HEAD") + ",lib/other");
        work.must("commit", "-q", "-m", "Second");
        Stand stand = stand(Trigger.manual());

        Checkout checkout = GitSource.git(work.directory()).run(stand);

        assertThat(checkout.tree().files()).isEqualTo(2);
        assertThat(stand.log).contains("left out submodule lib/other");
    }

    @Test
    void unknownBranchIsWrongInputAndNamesThoseThatAre() {
        assertThatThrownBy(() -> checkout(GitSource.git(bare).branch("mian")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("repository file://" + bare + " has no branch mian: it has main; did you mean main?");
    }

    @Test
    void emptyRepositoryIsSaid() throws Exception {
        Git.init(temp.resolve("empty.git"), temp, "--bare");

        assertThatThrownBy(() -> checkout(GitSource.git(temp.resolve("empty.git"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("it has no branch at all: push a first commit");
    }

    @Test
    void directoryThatIsNoRepositoryIsInfrastructure() throws Exception {
        Files.createDirectories(temp.resolve("plain"));

        assertThatThrownBy(() -> checkout(GitSource.git(temp.resolve("nothing"))))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("no git repository at " + temp.resolve("nothing") + ": nothing is there");
        assertThatThrownBy(() -> checkout(GitSource.git(temp.resolve("plain"))))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageEndingWith("the directory is something else");
    }

    @Test
    void commitThatIsNotThereIsSaid() {
        GitSource source = GitSource.git(bare);

        assertThatThrownBy(() -> source.run(stand(push(source.repository(), "main", "1".repeat(40)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("repository file://" + bare + " has no commit " + "1".repeat(40));
    }

    @Test
    void unreachableRepositoryIsInfrastructureAfterThreeAttempts() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Stand stand = stand(Trigger.manual());

        assertThatThrownBy(() -> GitSource.git(URI.create("http://127.0.0.1:" + closed + "/shop.git"))
                        .run(stand))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("repository http://127.0.0.1:" + closed + "/shop.git cannot be reached: ");
        assertThat(stand.log).hasSize(2).allMatch(line -> line.contains("trying again"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 500})
    void serverThatRefusesIsInfrastructureWithItsReason(int status) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/shop.git");
        String reason = status == 404 ? "no git repository" : status == 500 ? "cannot be reached" : "login";

        try {
            assertThatThrownBy(() -> checkout(GitSource.git(uri)))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining(uri.toString())
                    .hasMessageContaining(reason);
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host/shop.git",
                "ext::sh -c touch% /tmp/x",
                "http://example.org/shop.git",
                "git://example.org/shop.git",
                "https://user:secret@host/shop.git",
                "https://token@host/shop.git",
                "ssh://git:secret@host/shop.git",
                "ssh://-oProxyCommand=x/shop.git",
                "ssh://-oProxyCommand@host/shop.git",
                "https://host",
                "https://host/shop.git?x=y",
                "https://host/shop.git#f",
                "ssh://host/-x",
                "shop.git",
                "file://host/shop.git"
            })
    void addressesThatCannotBeTrustedAreRefusedWithoutRepeatingSecrets(String address) {
        assertThatThrownBy(() -> GitSource.git(URI.create(address.replace(" ", "%20"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://host/shop.git",
                "ssh://git@host:2222/shop.git",
                "http://localhost:1/x",
                "git://127.0.0.1/x"
            })
    void addressesOfUsualTransportsAreTaken(String address) {
        assertThat(GitSource.git(URI.create(address + "/")).repository()).isEqualTo(address);
    }

    @Test
    void pathAndFileAddressAreTheSameRepository() {
        assertThat(GitSource.git(bare.toUri()).repository())
                .isEqualTo(GitSource.git(bare.resolve("../shop.git")).repository());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-x",
                "a b",
                "a..b",
                "a//b",
                "a@{b",
                "a.lock",
                "a.lock/b",
                "a/",
                "a.",
                "/a",
                "a/.b",
                "`id`",
                "$(id)",
                "a;b",
                "a\nb",
                "a\u202eb"
            })
    void branchNamesByAStricterGrammarThanGits(String name) {
        assertThatThrownBy(() -> GitSource.git(bare).branch(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void userConfigurationIsNotReadAndAnEmbeddersJGitStaysAsItWas() throws Exception {
        checkout(GitSource.git(bare));

        assertThat(IsolatedGit.<Integer>call(() ->
                        SystemReader.getInstance().getUserConfig().getSections().size()))
                .isZero();
        assertThat(SystemReader.getInstance().openUserConfig(null, FS.DETECTED).getFile())
                .hasName(".gitconfig");
    }

    @Test
    void fileTimesAreNotMeasuredWithFilesInSomebodysRepository() throws Exception {
        checkout(GitSource.git(bare));

        assertThat(FS.getFileStoreAttributes(bare).getFsTimestampResolution()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void unreachableSshHostIsInfrastructureInTheWordsOfSsh() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        String address = "ssh://127.0.0.1:" + closed + "/shop.git";

        assertThatThrownBy(() -> checkout(GitSource.git(URI.create(address))))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(address)
                .hasMessageMatching(".* (through this machine's ssh: .*|needs the program ssh.*)");
    }

    @Test
    void fileNameThatTheLocaleOfThisJavaCannotWriteIsSaidWithTheWayOut() throws Exception {
        // By a shell, as this Java may be one of those, too.
        Process naming = new ProcessBuilder("sh", "-c", "printf x > \"$(printf 'Gr\\303\\274n')\"")
                .directory(work.directory().toFile())
                .start();
        assertThat(naming.waitFor()).isZero();
        work.commit("Second");
        ProcessBuilder posix = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        InPosixLocale.class.getName(),
                        work.directory().toString(),
                        temp.resolve("home").toString())
                .redirectErrorStream(true);
        posix.environment().put("LC_ALL", "C");

        Process process = posix.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("InfrastructureException")
                .contains("a name this Java cannot write in its locale")
                .contains("start it with LC_ALL=C.UTF-8");
    }

    /** A Java as cron and bare containers start it. */
    static final class InPosixLocale {

        private InPosixLocale() {}

        public static void main(String... args) throws Exception {
            try {
                GitSource.git(Path.of(args[0])).run(new Stand(Path.of(args[1]), Trigger.manual()));
            } catch (InfrastructureException said) {
                System.out.println(said);
            }
        }
    }
}
