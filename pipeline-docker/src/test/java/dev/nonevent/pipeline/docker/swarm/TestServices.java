package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.Service;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.contract.BusyboxImage;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.docker.instance.Mark;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Images that say hello and answer on port 8080, on every node of a swarm, and what the swarm has of them. */
final class TestServices {

    private final PrivateSwarm swarm;
    private final String busybox;

    TestServices(PrivateSwarm swarm) throws Exception {
        this.swarm = swarm;
        this.busybox = swarm.busybox();
    }

    /** Its page is its name. */
    Image image(String name) throws Exception {
        return image(name, "exec httpd -f -p 8080 -h /www");
    }

    Image image(String name, String last) throws Exception {
        Image made = imageOfTheManager(name, last);
        swarm.spread(made.reference());
        return made;
    }

    /** @param last line of the script that it runs */
    Image imageOfTheManager(String name, String last) throws Exception {
        String reference = "nonevent-test/" + name + ":1";
        String script = "#!/bin/sh\necho hello\n" + last + "\n";
        String dockerfile = "FROM " + busybox + "\nCOPY serve /serve\nCOPY www /www\nENTRYPOINT [\"/serve\"]\n";
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(context)) {
            BusyboxImage.file(tar, "serve", 0755, script.getBytes(StandardCharsets.UTF_8));
            BusyboxImage.file(tar, "www/index.html", 0644, name.getBytes(StandardCharsets.UTF_8));
            BusyboxImage.file(tar, "Dockerfile", 0644, dockerfile.getBytes(StandardCharsets.UTF_8));
        }
        try (Engine manager = swarm.manager().connect()) {
            BusyboxImage.build(manager, reference, Map.of(), context.toByteArray());
            return new Image(reference, new ImageShelf(manager).idOf(reference).orElseThrow(), Optional.empty());
        }
    }

    /** Those of a home. */
    List<Service> of(Path home) {
        try (Engine manager = swarm.manager().connect()) {
            return new Swarm(manager).services(Map.of(Mark.HOME, Mark.home(home)));
        }
    }

    /** Removes those of a home, and waits until no node that answers has anything of them. */
    void clear(Path home) throws InterruptedException {
        List<Service> all = of(home);
        try (Engine manager = swarm.manager().connect()) {
            for (Service each : all) {
                manager.tell(
                        "removing what is left",
                        docker -> docker.removeServiceCmd(each.getId()).exec());
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (containers(manager) > 0) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("containers of services are left after 60 s");
                }
                Thread.sleep(50);
            }
        }
    }

    private static int containers(Engine engine) {
        return engine.ask(
                        "counting",
                        docker -> docker.listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(List.of("com.docker.swarm.service.id"))
                                .exec())
                .size();
    }
}
