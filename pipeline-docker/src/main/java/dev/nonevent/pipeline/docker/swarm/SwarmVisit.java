package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.LocalNodeState;
import com.github.dockerjava.api.model.SwarmInfo;
import com.github.dockerjava.api.model.SwarmNodeState;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.ImageShelf;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.inside.Workspace;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A connection to a manager of a swarm for the tasks of one workspace, with what dead processes left there removed. */
final class SwarmVisit implements AutoCloseable {

    private final Engine engine;
    private final TaskSpecs specs;
    private final Optional<Owner> owner;

    private SwarmVisit(Engine engine, TaskSpecs specs, Optional<Owner> owner) {
        this.engine = engine;
        this.specs = specs;
        this.owner = owner;
    }

    /**
     * @param pins what the image's name means is looked up here, and kept here if it is the first time
     * @param output is told of a pull
     */
    static SwarmVisit to(TaskShape shape, Pins pins, Path directory, CommandOutput output) throws InterruptedException {
        Workspace workspace = Workspace.of(directory, shape.user);
        Engine engine = Engine.at(shape.engine);
        try {
            String node = managerAt(engine);
            Optional<Owner> self = Owner.self();
            self.ifPresent(owner -> new SwarmLeftovers(engine).removeAll(owner));
            String name =
                    (shape.anywhere ? "image in its registry " : "image ") + shape.image + " on " + engine.address();
            Optional<String> known = pins.meaning(name);
            String image = known.isPresent() ? known.get() : pins.pin(name, imageFor(engine, shape, output));
            return new SwarmVisit(engine, new TaskSpecs(shape, image, workspace, node), self);
        } catch (InterruptedException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** The id of the node of this engine. */
    private static String managerAt(Engine engine) {
        SwarmInfo swarm = engine.ask(
                        "asking for its swarm",
                        docker -> Optional.ofNullable(docker.infoCmd().exec().getSwarm()))
                .orElseGet(SwarmInfo::new);
        if (Boolean.TRUE.equals(swarm.getControlAvailable()) && swarm.getNodeID() != null) {
            return swarm.getNodeID();
        }
        String why = swarm.getLocalNodeState() == LocalNodeState.ACTIVE
                ? "it is a worker: name a manager with engine(…)"
                : "its part in one is "
                        + Objects.requireNonNullElse(swarm.getLocalNodeState(), LocalNodeState.INACTIVE)
                                .getValue()
                        + ": start one with docker swarm init, or name a manager with engine(…)";
        throw new InfrastructureException(
                "the Docker engine at " + engine.address() + " is no manager of a swarm; " + why);
    }

    private static String imageFor(Engine engine, TaskShape shape, CommandOutput output) throws InterruptedException {
        // Swarm asks no registry for an image named by its id, nor for one it has by its digest.
        String id = new ImageShelf(engine).require(shape.image, shape.mayPull, output);
        if (!shape.anywhere || shape.image.equals(id)) {
            return id;
        }
        String[] digests = engine.ask(
                "looking for the digest of " + shape.image,
                docker -> Optional.ofNullable(docker.inspectImageCmd(id).exec().getRepoDigests())
                        .map(found -> found.toArray(String[]::new))
                        .orElse(new String[0]));
        String repository = repositoryOf(shape.image);
        return Arrays.stream(digests)
                .filter(each -> each.startsWith(repository + "@"))
                .findFirst()
                .orElseThrow(() -> new InfrastructureException("image " + shape.image
                        + " is in no registry, so no other node of the swarm can have it: push it,"
                        + " or take workspaceOnEveryNode() away"));
    }

    static String repositoryOf(String image) {
        int at = image.indexOf('@');
        String named = at < 0 ? image : image.substring(0, at);
        int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
        return colon < 0 ? named : named.substring(0, colon);
    }

    Engine engine() {
        return engine;
    }

    TaskSpecs specs() {
        return specs;
    }

    TaskShape shape() {
        return specs.shape();
    }

    /** What marks a service and a secret as this process's. */
    Map<String, String> labels() {
        return owner.map(Owner::labels).orElse(Map.of());
    }

    /** Whether Swarm has lost the node. */
    boolean isDown(String node) {
        return engine
                .ask(
                        "asking for node " + node,
                        docker -> docker.listSwarmNodesCmd()
                                .withIdFilter(List.of(node))
                                .exec())
                .stream()
                .anyMatch(each -> each.getStatus() != null && each.getStatus().getState() == SwarmNodeState.DOWN);
    }

    @Override
    public void close() {
        engine.close();
    }
}
