package dev.nonevent.pipeline.bluegreen.router.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramCopyTest {

    @TempDir
    Path root;

    private Path home;
    private Path classes;
    private Path jar;
    private String classPath;

    @BeforeEach
    void build() throws IOException {
        home = Files.createDirectory(root.resolve("home"));
        classes = Files.createDirectories(root.resolve("target/classes"));
        Files.createDirectories(classes.resolve("a/b"));
        Files.writeString(classes.resolve("a/b/C.class"), "class");
        jar = Files.writeString(root.resolve("lib.jar"), "jar");
        classPath = classes + File.pathSeparator + jar;
    }

    @Test
    void copyHasEverythingAndOutlivesTheOriginal() throws IOException {
        String[] copied = new ProgramCopy(home).of(classPath).split(File.pathSeparator);
        Files.delete(classes.resolve("a/b/C.class"));
        Files.delete(jar);

        assertThat(Path.of(copied[0]).resolve("a/b/C.class")).hasContent("class");
        assertThat(Path.of(copied[1])).hasContent("jar").startsWith(home);
    }

    @Test
    void sameProgramIsCopiedOnce() throws IOException {
        ProgramCopy copy = new ProgramCopy(home);

        assertThat(copy.of(classPath)).isEqualTo(copy.of(classPath));
        assertThat(home.resolve("program"))
                .isDirectoryContaining("glob:**")
                .satisfies(programs -> assertThat(programs.toFile().list()).hasSize(1));
    }

    @Test
    void changedProgramIsAnotherCopyAndTheOldOneGoesWithItsRouter() throws IOException {
        ProgramCopy copy = new ProgramCopy(home);
        String first = copy.of(classPath);
        Files.writeString(jar, "another jar");

        String second = copy.of(classPath);
        assertThat(second).isNotEqualTo(first);
        assertThat(Path.of(first.split(File.pathSeparator)[1])).hasContent("jar");

        copy.keepOnly(Set.of(copy.name(second)));
        assertThat(Path.of(first.split(File.pathSeparator)[1])).doesNotExist();
        assertThat(Path.of(second.split(File.pathSeparator)[1])).hasContent("another jar");
    }
}
