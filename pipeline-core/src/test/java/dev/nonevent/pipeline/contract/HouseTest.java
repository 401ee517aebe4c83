package dev.nonevent.pipeline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HouseTest {

    @TempDir
    private Path sources;

    @Test
    void methodOfFortyLinesIsReadableAndOneMoreIsNot() throws IOException {
        Files.writeString(sources.resolve("Short.java"), "class Short {\n" + method("fits", 40) + "}\n");
        Files.writeString(sources.resolve("Long.java"), "class Long {\n" + method("sprawls", 41) + "}\n");

        assertThat(House.tooLong(sources)).singleElement().asString().contains("Long.java:2 sprawls has 41 lines");
    }

    @Test
    void fileOfMoreThanFourHundredLinesIsNamed() throws IOException {
        Files.writeString(sources.resolve("Endless.java"), "class Endless {\n" + "\n".repeat(400) + "}\n");

        assertThat(House.tooLong(sources)).singleElement().asString().contains("Endless.java has 402 lines");
    }

    @Test
    void roomIsBuiltOnlyIfAModuleHoldsIt() {
        assertThat(House.ofThisModule().isBuilt("dev.nonevent.pipeline.outcome"))
                .isTrue();
        assertThat(House.ofThisModule().isBuilt("dev.nonevent.pipeline.attic")).isFalse();
    }

    private static String method(String name, int lines) {
        return "void " + name + "() {\n" + "\n".repeat(lines - 2) + "}\n";
    }
}
