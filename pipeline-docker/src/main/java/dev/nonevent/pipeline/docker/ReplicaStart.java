package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.exception.NotModifiedException;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.instance.Declaration;
import dev.nonevent.pipeline.docker.instance.KeptImages;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One container of a deployment, whoever else starts it at the same time, and wherever one who died has left it: the engine is
 * asked what there is under its name, and one step is taken from there, until it runs. For one thread.
 */
final class ReplicaStart {

    private static final int STEPS = 60;
    private static final Duration A_MOMENT = Duration.ofMillis(100);

    private final Engine engine;
    private final Lives lives;
    private final Mark mark;
    private final String deployment;
    private final int number;
    private final Blueprint blueprint;
    private final HostPorts ports;
    private final TimeSource time;

    /** How many ports were taken by somebody else before they could be used. */
    private int lost;

    private boolean startedIt;

    /** @param number of the container among those of its deployment, from 1 */
    ReplicaStart(
            Engine engine,
            Mark mark,
            String deployment,
            int number,
            Blueprint blueprint,
            HostPorts ports,
            TimeSource time) {
        this.engine = engine;
        this.lives = new Lives(engine);
        this.mark = mark;
        this.deployment = deployment;
        this.number = number;
        this.blueprint = blueprint;
        this.ports = ports;
        this.time = time;
    }

    /** Whether it was this that started it, and nobody before or beside it. */
    boolean startedIt() {
        return startedIt;
    }

    Life run() throws InterruptedException {
        String name = name(mark, deployment, number);
        for (int step = 0; step < STEPS; step++) {
            Optional<Life> found = lives.of(name);
            if (found.isEmpty()) {
                create(name);
                continue;
            }
            Life life = found.get();
            if (life.isOver()) {
                lives.remove(life);
                continue;
            }
            requireOurs(life, name);
            if (life.isAlive() || life.isComingBack()) {
                return life;
            } else if (life.isUnborn()) {
                start(life);
            } else {
                // Somebody is removing it.
                time.sleep(A_MOMENT);
            }
        }
        throw new InfrastructureException("container " + name + " was taken away each time it was made, " + STEPS
                + " times: somebody else removes it, find out who before the next try");
    }

    /** The first has the deployment's own. */
    static String name(Mark mark, String deployment, int number) {
        return number == 1 ? mark.name(deployment) : mark.name(deployment) + "-" + number;
    }

    /** One that is alone has no number. */
    private Map<String, String> labels(URI address) {
        Map<String, String> labels = new TreeMap<>(mark.labels(deployment, blueprint, address));
        if (new InstanceContainer(blueprint).replicas() > 1) {
            labels.put(Life.REPLICA, "" + number);
        }
        return labels;
    }

    private void requireOurs(Life life, String name) {
        if (!life.label(Mark.SPEC).equals(Mark.spec(blueprint))
                || !life.label(Mark.DEPLOYMENT).equals(deployment)) {
            throw new InfrastructureException("something else runs as " + deployment + " (container " + name
                    + "), perhaps from a ledger that was thrown away; remove it before the next try");
        }
    }

    private void create(String name) {
        InstanceContainer container = new InstanceContainer(blueprint);
        Declaration declared = container.declared();
        KeptImages images = new KeptImages(engine);
        String image = images.require(declared.image(), declared.pulledAs());
        images.keep(image, mark);
        URI address = address(container, Math.floorMod(name.hashCode(), 1 << 16) + lost);
        try {
            engine.ask(
                    "creating a container for " + deployment,
                    docker -> container
                            .configured(docker.createContainerCmd(image).withName(name), address, labels(address))
                            .exec());
        } catch (EngineRefusedException refused) {
            // Somebody else was faster: what there is by now is looked at again.
            if (!refused.isConflict()) {
                throw refused;
            }
        }
    }

    private URI address(InstanceContainer container, int begin) {
        List<String> taken = lives.addresses();
        if (container.isReachedOnNetwork()) {
            List<String> hosts =
                    taken.stream().map(each -> URI.create(each).getHost()).toList();
            String free = new NetworkAddresses(engine, container.network()).free(begin, hosts);
            return URI.create("http://" + free + ":" + container.declared().port());
        }
        return URI.create(
                "http://" + container.publishedAt() + ":" + ports.free(container.publishedAt(), begin, taken));
    }

    private void start(Life life) {
        Container container = new Container(engine, life.container());
        try {
            container.start();
            startedIt = true;
        } catch (EngineRefusedException refused) {
            if (isTaken(refused)) {
                lives.remove(life);
                lost++;
            } else if (!isAnothersDoing(refused)) {
                throw container.removedAfter((InfrastructureException) refused, InfrastructureException::new);
            }
        }
    }

    /** It was started already, or is being removed, or is gone: what there is by now is looked at again. */
    private static boolean isAnothersDoing(EngineRefusedException refused) {
        return refused.isNotFound() || refused.isConflict() || refused.getCause() instanceof NotModifiedException;
    }

    private static boolean isTaken(EngineRefusedException refused) {
        String reason = refused.reason().toLowerCase(Locale.ROOT);
        return reason.contains("port is already allocated") || reason.contains("address already in use");
    }
}
