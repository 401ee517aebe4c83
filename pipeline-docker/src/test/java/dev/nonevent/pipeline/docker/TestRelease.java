package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.contract.BusyboxImage;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.docker.instance.Mark;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Images that say hello and answer on port 8080, made of the test image, and what the engine has of them. */
final class TestRelease {

    private final TestEngine engine;

    TestRelease(TestEngine engine) {
        this.engine = engine;
    }

    /** Its page is its name. */
    Image image(String name) throws Exception {
        return image(name, "");
    }

    /** @param more lines of its Dockerfile */
    Image image(String name, String more) throws Exception {
        return image(name, "exec httpd -f -p 8080 -h /www", more);
    }

    /** @param last line of the script that it runs */
    Image image(String name, String last, String more) throws Exception {
        String reference =
                "nonevent-test/" + name + ":" + ProcessHandle.current().pid();
        String script = "#!/bin/sh\necho hello\n" + last + "\n";
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(context)) {
            BusyboxImage.file(tar, "serve", 0755, script.getBytes(StandardCharsets.UTF_8));
            BusyboxImage.file(tar, "www/index.html", 0644, name.getBytes(StandardCharsets.UTF_8));
            BusyboxImage.file(
                    tar,
                    "Dockerfile",
                    0644,
                    ("FROM " + engine.image() + "\nCOPY serve /serve\nCOPY www /www\nENTRYPOINT [\"/serve\"]\n" + more
                                    + "\n")
                            .getBytes(StandardCharsets.UTF_8));
        }
        BusyboxImage.build(engine.engine(), reference, Map.of(), context.toByteArray());
        String id = new ImageShelf(engine.engine()).idOf(reference).orElseThrow();
        return new Image(reference, id, Optional.empty());
    }

    InspectContainerResponse inspect(Instance instance) {
        return inspect(Life.containerOf(instance.id()));
    }

    InspectContainerResponse inspect(String container) {
        return engine.ask(docker -> docker.inspectContainerCmd(container).exec());
    }

    /** Those of a home, whatever has become of them. */
    List<Container> containers(Path home) {
        return engine.ask(docker -> docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(Mark.HOME, Mark.home(home)))
                .exec());
    }

    /** What is kept for a home: {@code nonevent-keep/…:…}. */
    List<String> keptTags(Path home) {
        return engine.ask(docker -> docker.listImagesCmd().exec()).stream()
                .map(com.github.dockerjava.api.model.Image::getRepoTags)
                .filter(tags -> tags != null)
                .flatMap(Stream::of)
                .filter(tag -> tag.startsWith("nonevent-keep/") && tag.contains(Mark.home(home)))
                .sorted()
                .toList();
    }

    /** Removes what a home has left on the engine. */
    void clear(Path home) {
        for (Container each : containers(home)) {
            new dev.nonevent.pipeline.docker.engine.Container(engine.engine(), each.getId()).remove();
        }
        for (String tag : keptTags(home)) {
            engine.ask(docker -> {
                docker.removeImageCmd(tag).exec();
                return true;
            });
        }
    }
}
