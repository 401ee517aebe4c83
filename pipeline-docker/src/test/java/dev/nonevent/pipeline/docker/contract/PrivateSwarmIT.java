package dev.nonevent.pipeline.docker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.SwarmNode;
import dev.nonevent.pipeline.docker.engine.Engine;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NeedsPrivateEngine
@Timeout(180)
class PrivateSwarmIT {

    @Test
    void nothingIsLeftOfOne() throws Exception {
        PrivateSwarm swarm = PrivateSwarm.start(1);
        try (swarm;
                Engine manager = swarm.manager().connect()) {
            List<SwarmNode> nodes = manager.ask(
                    "looking at the nodes", docker -> docker.listSwarmNodesCmd().exec());
            assertThat(nodes).hasSize(1);
        }

        assertThat(whatIsLeftOf(swarm)).isEmpty();
    }

    private static List<String> whatIsLeftOf(PrivateSwarm swarm) throws IOException {
        Path site = Path.of(swarm.manager().address().getPath()).getParent().getParent();
        String number = site.toString().replaceFirst(".*-", "");
        Stream<String> interfaces = NetworkInterface.networkInterfaces()
                .map(NetworkInterface::getName)
                .filter(name -> name.matches("nep" + number + "(n\\d+)?"));
        Stream<String> mounts =
                Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().filter(line -> line.contains(site + "/"));
        Stream<String> namespaces;
        try (Stream<Path> all = Files.list(Path.of("/run/netns"))) {
            namespaces =
                    all.map(Path::toString).filter(name -> name.contains(site.getFileName() + "-")).toList().stream();
        }
        Stream<String> directories = Files.exists(site) ? Stream.of(site.toString()) : Stream.of();
        return Stream.of(interfaces, mounts, namespaces, directories)
                .flatMap(each -> each)
                .toList();
    }
}
