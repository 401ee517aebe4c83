package dev.nonevent.pipeline.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The other end is this machine: a program that carries out what it is asked for, as sshd would. */
@Timeout(60)
class MachineSshTest {

    @TempDir
    Path temp;

    private Git work;

    @BeforeEach
    void aRepository() throws IOException {
        work = Git.init(temp.resolve("work"), temp);
        work.file("README", "one\n").commit("First");
    }

    private Path program(String script) throws IOException {
        Path program = Files.writeString(temp.resolve("ssh"), "#!/bin/sh\n" + script);
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private ObjectId fetch(Path ssh) throws Exception {
        return IsolatedGit.call(() -> fetched(ssh));
    }

    private ObjectId fetched(Path ssh) throws Exception {
        try (Repository mirror = new RepositoryBuilder()
                .setGitDir(temp.resolve("mirror").toFile())
                .setBare()
                .build()) {
            mirror.create(true);
            // Tidying up in the background would meet the end of the test.
            mirror.getConfig().setInt("gc", null, "auto", 0);
            try (Transport transport =
                    Transport.open(mirror, new URIish("ssh://ada@somewhere:2222" + work.directory()))) {
                ((SshTransport) transport).setSshSessionFactory(new MachineSsh(List.of(ssh.toString())));
                transport.fetch(NullProgressMonitor.INSTANCE, List.of(new RefSpec("refs/heads/main:refs/heads/main")));
            }
            return mirror.resolve("refs/heads/main");
        }
    }

    @Test
    void branchIsFetchedFromGitAtTheOtherEnd() throws Exception {
        Path ssh = program("for last; do :; done\necho \"$@\" > " + temp.resolve("asked") + "\nexec sh -c \"$last\"\n");

        ObjectId got = fetch(ssh);

        assertThat(got.name()).isEqualTo(work.must("rev-parse", "HEAD"));
        assertThat(temp.resolve("asked"))
                .content()
                .contains("-oBatchMode=yes")
                .contains("-p 2222 -- ada@somewhere git-upload-pack '" + work.directory() + "'");
    }

    @RepeatedTest(20)
    void refusalSaysWhatSshSaid() throws Exception {
        Path ssh = program("echo 'Permission denied (publickey).' >&2\nexit 255\n");

        assertThatThrownBy(() -> fetch(ssh))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("Permission denied (publickey).");
    }

    @Test
    void interruptEndsTheWaitForASilentHostAndItsProgram() throws Exception {
        Path ssh = program("echo $$ > " + temp.resolve("pid.new") + "\nmv " + temp.resolve("pid.new") + " "
                + temp.resolve("pid") + "\nexec sleep 600\n");
        CountDownLatch over = new CountDownLatch(1);
        Thread fetching = new Thread(() -> {
            try {
                fetch(ssh);
            } catch (Exception stopped) {
                over.countDown();
            }
        });

        fetching.start();
        while (!Files.exists(temp.resolve("pid"))) {
            Thread.onSpinWait();
        }
        fetching.interrupt();

        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        long pid = Long.parseLong(Files.readString(temp.resolve("pid")).strip());
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::onExit))
                .satisfiesAnyOf(
                        gone -> assertThat(gone).isEmpty(),
                        leaving -> assertThat(leaving.orElseThrow()).succeedsWithin(10, TimeUnit.SECONDS));
    }
}
