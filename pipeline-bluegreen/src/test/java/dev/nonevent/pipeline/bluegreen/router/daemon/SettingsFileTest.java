package dev.nonevent.pipeline.bluegreen.router.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {

    @TempDir
    Path home;

    @Test
    void whatWasWrittenIsRead() {
        Settings settings = Settings.on(8000).withBind("0.0.0.0");

        new SettingsFile(home).write(SettingsFile.Declared.of("shop", settings, List.of()));

        assertThat(new SettingsFile(home).read().application()).isEqualTo("shop");
        assertThat(new SettingsFile(home).read().settings()).isEqualTo(settings);
    }

    @Test
    void onlyItsUserReadsIt() throws IOException {
        new SettingsFile(home).write(SettingsFile.Declared.of("shop", Settings.on(8000), List.of()));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("settings.json"))))
                .isEqualTo("rw-------");
        assertThat(home).isDirectoryNotContaining("glob:**.next");
    }

    @Test
    void homeWithoutARouterSaysHowToGetOne() {
        assertThatThrownBy(() -> new SettingsFile(home).read())
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("no router was ever set up in " + home + ": deploy once, which writes settings.json");
    }

    @Test
    void nonsenseIsToldAndNotGuessedAt() throws IOException {
        for (String nonsense : new String[] {"", "null", "{}", "{\"version\":1}", "nonsense"}) {
            Files.writeString(home.resolve("settings.json"), nonsense);

            assertThatThrownBy(() -> new SettingsFile(home).read())
                    .as(nonsense)
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageStartingWith(home.resolve("settings.json").toString());
        }
    }

    @Test
    void settingsEditedByHandAreChecked() throws IOException {
        Files.writeString(
                home.resolve("settings.json"),
                "{\"version\":1,\"application\":\"shop\",\"settings\":{\"port\":70000,\"bind\":\"a b\"},\"command\":[]}");

        assertThatThrownBy(() -> new SettingsFile(home).read())
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("port 70000 is no port")
                .hasMessageContaining("\"a b\" is no address to listen on");
    }

    @Test
    void settingsOfAnotherVersionAreRefused() throws IOException {
        Files.writeString(
                home.resolve("settings.json"),
                "{\"version\":2,\"application\":\"shop\",\"settings\":{\"port\":8000,\"bind\":\"127.0.0.1\"},\"command\":[]}");

        assertThatThrownBy(() -> new SettingsFile(home).read()).hasMessageContaining("has version 2");
    }
}
