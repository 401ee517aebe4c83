package dev.nonevent.pipeline.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileArtifactStoreTest {

    /** Of {@code hello}. */
    private static final String HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @TempDir
    Path directory;

    private Path tree;
    private FileArtifactStore store;

    @BeforeEach
    void emptyStore() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        store = FileArtifactStore.in(directory.resolve("store"));
    }

    @Test
    void aFileIsKeptUnderItsDigest() throws Exception {
        Artifact kept = store.keep(write("app.jar", "hello"));

        assertThat(kept.name()).isEqualTo("app.jar");
        assertThat(kept.digest()).isEqualTo("sha256:" + HELLO);
        assertThat(kept.size()).isEqualTo(5);
        assertThat(kept.path()).hasContent("hello");
        assertThat(mode(kept.path())).isEqualTo("r--r--r--");
        assertThat(store.find(HELLO)).map(Artifact::path).contains(kept.path());
        assertThat(incoming()).isEmpty();
    }

    @Test
    void theSameContentIsKeptOnce() throws Exception {
        Artifact one = store.keep(write("one", "hello"));
        Artifact other = store.keep(write("other", "hello"));

        assertThat(one.path()).isEqualTo(other.path());
        assertThat(other.name()).isEqualTo("other");
        assertThat(files(directory.resolve("store/files"))).hasSize(1);
    }

    @Test
    void whatWasNeverKeptIsNotFound() {
        assertThat(store.find(HELLO)).isEmpty();
        assertThatThrownBy(() -> store.find("../../etc/passwd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a sha256");
    }

    @Test
    void aCopyIsWritableAndChangesNothingThatIsKept() throws Exception {
        Artifact kept = store.keep(write("app.jar", "hello"));
        Path copy = directory.resolve("deep/er/copy.jar");

        store.copy(kept, copy);
        Files.writeString(copy, "changed");

        assertThat(kept.path()).hasContent("hello");
        assertThat(mode(copy)).isEqualTo("rw-r--r--");
    }

    @Test
    void anExecutableStaysOneAndItsPlainTwinStaysPlain() throws Exception {
        Path program = write("program", "hello");
        Artifact plain = store.keep(program);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Artifact executable = store.keep(program);

        store.copy(plain, directory.resolve("plain"));
        store.copy(executable, directory.resolve("executable"));

        assertThat(plain.sha256()).isEqualTo(executable.sha256());
        assertThat(mode(directory.resolve("plain"))).isEqualTo("rw-r--r--");
        assertThat(mode(directory.resolve("executable"))).isEqualTo("rwxr-xr-x");
    }

    @Test
    void damageIsNoticedNamedAndLeavesNoCopy() throws Exception {
        Artifact kept = store.keep(write("app.jar", "hello"));
        damage(kept.path());
        Path copy = directory.resolve("copy");

        assertThatThrownBy(() -> store.find(HELLO))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("kept file " + kept.path() + " is damaged: its sha256 is ");
        assertThatThrownBy(() -> store.copy(kept, copy))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(kept.path().toString());
        assertThat(copy).doesNotExist();
        assertThat(files(directory))
                .noneMatch(file -> file.getFileName().toString().startsWith(".copy-"));
    }

    @Test
    void keepingAgainReplacesWhatWasDamaged() throws Exception {
        Artifact kept = store.keep(write("app.jar", "hello"));
        damage(kept.path());

        store.keep(directory.resolve("app.jar"));

        assertThat(store.find(HELLO)).isPresent();
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertThatThrownBy(() -> store.keep(directory.resolve("nothing")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageEndingWith("there is no such file");
        assertThatThrownBy(() -> store.keep(tree))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageEndingWith("it is a directory; keep it as a tree");
        assertThatThrownBy(() -> store.keepTree(directory.resolve("nothing")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageEndingWith("it is not a directory");
    }

    @Test
    void aTreeComesBackAsItWas() throws Exception {
        fillTree();

        Tree kept = store.keepTree(tree);
        Path copy = directory.resolve("copy");
        store.copy(kept, copy);

        assertThat(kept.files()).isEqualTo(3);
        assertThat(copy.resolve("a b%20\nc.txt")).hasContent("hello");
        assertThat(mode(copy.resolve("bin/run"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(copy.resolve("bin/data"))).isEqualTo("rw-r--r--");
        assertThat(copy.resolve("empty")).isEmptyDirectory();
        assertThat(Files.readSymbolicLink(copy.resolve("bin/link"))).hasToString("../bin/data");
        assertThat(kept.path().resolve("bin/data")).hasContent("data");
        assertThat(store.keepTree(copy).sha256()).isEqualTo(kept.sha256());
    }

    @Test
    void theDigestOfATreeIsThatOfPathsModesAndContents() throws Exception {
        fillTree();
        String before = store.keepTree(tree).sha256();

        Files.setLastModifiedTime(tree.resolve("bin/data"), java.nio.file.attribute.FileTime.fromMillis(0));
        assertThat(store.keepTree(tree).sha256()).isEqualTo(before);

        Files.setPosixFilePermissions(tree.resolve("bin/data"), PosixFilePermissions.fromString("rwxr--r--"));
        String executable = store.keepTree(tree).sha256();
        Files.move(tree.resolve("bin/data"), tree.resolve("bin/datum"));
        String renamed = store.keepTree(tree).sha256();
        Files.writeString(tree.resolve("bin/datum"), "other");
        String changed = store.keepTree(tree).sha256();
        Files.delete(tree.resolve("empty"));
        String smaller = store.keepTree(tree).sha256();

        assertThat(List.of(before, executable, renamed, changed, smaller)).doesNotHaveDuplicates();
    }

    @Test
    void aCopyOfATreeIsPrivate() throws Exception {
        fillTree();
        Tree kept = store.keepTree(tree);
        Path one = directory.resolve("one");
        Path other = directory.resolve("other");

        store.copy(kept, one);
        Files.writeString(one.resolve("bin/data"), "changed");
        store.copy(kept, other);

        assertThat(other.resolve("bin/data")).hasContent("data");
    }

    @Test
    void aCopyIntoAFullDirectoryWritesThroughNoLink() throws Exception {
        fillTree();
        Tree kept = store.keepTree(tree);
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.createSymbolicLink(copy.resolve("bin"), outside);
        Files.writeString(copy.resolve("other"), "stays");

        store.copy(kept, copy);

        assertThat(outside).isEmptyDirectory();
        assertThat(copy.resolve("bin/data")).hasContent("data");
        assertThat(copy.resolve("other")).hasContent("stays");
        store.copy(kept, copy);
        assertThat(copy.resolve("bin/data")).hasContent("data");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/etc/passwd", "..", "../tree/bin", "bin/../../outside", "bin/up/../outside", "bin/up/../no/such"
            })
    void aLinkThatLeavesTheTreeIsRefused(String target) throws Exception {
        fillTree();
        Files.createSymbolicLink(tree.resolve("bin/up"), Path.of(".."));
        Files.createSymbolicLink(tree.resolve("leak"), Path.of(target));

        assertThatThrownBy(() -> store.keepTree(tree))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("the link leak leads out of it, to " + target);
        assertThat(incoming()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bin/data", "bin/up/bin", "no/such/file", "leak", "."})
    void aLinkThatStaysInsideIsKept(String target) throws Exception {
        fillTree();
        Files.createSymbolicLink(tree.resolve("bin/up"), Path.of(".."));
        Files.createSymbolicLink(tree.resolve("leak"), Path.of(target));

        store.copy(store.keepTree(tree), directory.resolve("copy"));

        assertThat(Files.readSymbolicLink(directory.resolve("copy/leak"))).hasToString(target);
    }

    @Test
    void aPipeInATreeIsRefused() throws Exception {
        new ProcessBuilder("mkfifo", tree.resolve("pipe").toString()).start().waitFor();

        assertThatThrownBy(() -> store.keepTree(tree))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("pipe is neither file, directory nor link");
    }

    @Test
    void aDamagedTreeIsNoticedNamedAndReplacedWhenKeptAgain() throws Exception {
        fillTree();
        Tree kept = store.keepTree(tree);
        damage(kept.path().resolve("bin/data"));

        assertThatThrownBy(() -> store.copy(kept, directory.resolve("copy")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("kept file " + kept.path().resolve("bin/data") + " is damaged");
        assertThat(directory.resolve("copy/bin/data")).doesNotExist();

        store.keepTree(tree);
        store.copy(kept, directory.resolve("copy"));
        assertThat(directory.resolve("copy/bin/data")).hasContent("data");
        assertThat(incoming()).isEmpty();
    }

    @Test
    void manyKeepTheSameAtOnce() throws Exception {
        fillTree();
        Path file = write("app.jar", "hello");
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            Callable<String> keeping = () -> {
                FileArtifactStore another = FileArtifactStore.in(directory.resolve("store"));
                return another.keep(file).sha256() + another.keepTree(tree).sha256();
            };

            List<String> digests = new ArrayList<>();
            for (var each : pool.invokeAll(Collections.nCopies(40, keeping))) {
                digests.add(each.get(30, TimeUnit.SECONDS));
            }

            assertThat(digests).hasSize(40).containsOnly(digests.get(0));
            assertThat(incoming()).isEmpty();
        } finally {
            pool.shutdownNow();
        }
    }

    private void fillTree() throws IOException {
        Files.writeString(tree.resolve("a b%20\nc.txt"), "hello");
        Files.createDirectory(tree.resolve("empty"));
        Path bin = Files.createDirectory(tree.resolve("bin"));
        Files.writeString(bin.resolve("data"), "data");
        Path run = Files.writeString(bin.resolve("run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(bin.resolve("link"), Path.of("../bin/data"));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static void damage(Path kept) throws IOException {
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(kept, "HELLO");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }

    private List<Path> incoming() throws IOException {
        return files(directory.resolve("store/incoming"));
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> !file.equals(directory) && !Files.isDirectory(file))
                    .toList();
        }
    }
}
