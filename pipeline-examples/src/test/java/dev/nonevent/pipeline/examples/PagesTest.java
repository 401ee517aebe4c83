package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages for people promise about each other, about the commands and about the tests. */
class PagesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]+]\\(([^):#]+)\\)");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT|Contract))\\.(\\w+)`");

    @Test
    void readmeHasTwoCommandsOfOneLineEach() {
        assertThat(Page.atTheRoot("README.md").fences("sh"))
                .containsExactly("mvn -q -Pquickstart package", "mvn verify");
    }

    @Test
    void everyLinkToAFileLeadsToOne() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(page)).results().toList()) {
                links++;
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(page + ": " + link.group(1));
                }
            }
        }

        assertThat(links).isGreaterThan(10);
        assertThat(broken).isEmpty();
    }

    @Test
    void everyTestInTheTrackRecordAndBehindABehaviourExists() throws IOException {
        List<String> missing = new ArrayList<>();
        String pages = Files.readString(ROOT.resolve("docs/track-record.md"))
                + Files.readString(ROOT.resolve("docs/behaviour.md"));
        for (MatchResult test : TEST.matcher(pages).results().toList()) {
            if (testSources(test.group(1)).stream().noneMatch(source -> source.contains(" " + test.group(2) + "("))) {
                missing.add(test.group());
            }
        }

        assertThat(missing).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.list(ROOT), Files.walk(ROOT.resolve("docs")))) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        }
    }

    private static List<String> testSources(String type) throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path tests = module.resolve(Path.of("src", "test", "java"));
                if (Files.isDirectory(tests)) {
                    try (Stream<Path> files = Files.walk(tests)) {
                        for (Path file : files.filter(file -> file.endsWith(type + ".java"))
                                .toList()) {
                            sources.add(Files.readString(file));
                        }
                    }
                }
            }
        }
        return sources;
    }
}
