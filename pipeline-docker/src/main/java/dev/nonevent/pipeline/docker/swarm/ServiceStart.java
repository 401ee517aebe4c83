package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.AuthConfig;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Owner;
import dev.nonevent.pipeline.docker.instance.KeptImages;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One deployment's service, whoever else starts it at the same time, and wherever one who died has left it: the swarm is asked
 * what there is under its name, and one step is taken from there, until every replica runs. For one thread.
 */
final class ServiceStart {

    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    private static final int TAKEN_AWAY = 60;
    private static final Duration LOOK = Duration.ofMillis(100);
    /** Nodes that are restarted or drained come and go; longer than that, nobody waits for one that may never come. */
    private static final Duration NOWHERE = Duration.ofSeconds(30);
    /** Each node may have to pull the image. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final Swarm swarm;
    private final Servings servings;
    private final Mark mark;
    private final String deployment;
    private final Blueprint blueprint;
    private final ReleaseService release;
    private final TimeSource time;
    private final long began;

    /** How often it had to be made. */
    private int made;

    ServiceStart(Swarm swarm, Mark mark, String deployment, Blueprint blueprint, TimeSource time) {
        this.swarm = swarm;
        this.servings = new Servings(swarm);
        this.mark = mark;
        this.deployment = deployment;
        this.blueprint = blueprint;
        this.release = new ReleaseService(blueprint);
        this.time = time;
        this.began = time.nanos();
    }

    Instance run() throws InterruptedException {
        String name = mark.name(deployment);
        while (true) {
            Optional<Serving> found = servings.of(name);
            if (found.isEmpty()) {
                create(name);
            } else {
                requireOurs(found.get(), name);
                Optional<Instance> begun = look(found.get());
                if (begun.isPresent()) {
                    return begun.get();
                }
                time.sleep(LOOK);
            }
        }
    }

    /** Empty if it is to be looked at again. */
    private Optional<Instance> look(Serving serving) {
        List<Replica> replicas = serving.replicas();
        if (serving.alive().count() >= release.replicas()
                || replicas.stream().anyMatch(each -> each.hasEnded() && isLast(each, replicas))) {
            // What ended by itself has begun, and says itself what was wrong.
            return Optional.of(serving.instance());
        }
        Optional<Replica> wrong = replicas.stream()
                .filter(each -> each.isRejected() && isLast(each, replicas))
                .findFirst();
        if (wrong.isPresent()) {
            give(serving, wrong.get());
        }
        Optional<Replica> nowhere = replicas.stream().filter(Replica::isNowhere).findFirst();
        if (nowhere.isPresent() && isOver(NOWHERE)) {
            throw undone(
                    serving,
                    deployment + " has no place in the swarm (" + nowhere.get().error()
                            + "): each of its " + release.replicas()
                            + " replicas is on a node of its own; add nodes, or want fewer replicas or less of a node");
        }
        if (isOver(LONGEST)) {
            throw undone(
                    serving,
                    deployment + " does not run on every node after " + LONGEST.toMinutes()
                            + " minutes: docker service ps " + mark.name(deployment) + " says how far it is");
        }
        return Optional.empty();
    }

    /** Whether nothing alive has taken its place since. */
    private static boolean isLast(Replica replica, List<Replica> all) {
        return all.stream().noneMatch(each -> each.slot() == replica.slot() && each.isAlive());
    }

    /** Whoever else adopts it finds a port that nobody has. */
    private void give(Serving serving, Replica wrong) {
        if (!isMadeHere(serving)) {
            throw new InfrastructureException(cannotRun(wrong));
        }
        if (!wrong.isPortTaken() || made >= TAKEN_AWAY) {
            throw undone(serving, cannotRun(wrong));
        }
        remove(serving);
    }

    private String cannotRun(Replica wrong) {
        String hint = declaredNowhere(wrong)
                ? ": push it to a registry that every node reaches, or load it on each"
                : ": see docker service ps " + mark.name(deployment);
        return deployment + " cannot run on node " + wrong.node() + " of the swarm (" + wrong.error() + ")" + hint;
    }

    private static boolean declaredNowhere(Replica wrong) {
        return wrong.error().contains("No such image");
    }

    /** What was made here goes; what somebody else has begun is left to him. */
    private InfrastructureException undone(Serving serving, String sentence) {
        InfrastructureException why = new InfrastructureException(sentence);
        if (isMadeHere(serving)) {
            try {
                remove(serving);
            } catch (InfrastructureException e) {
                why.addSuppressed(e);
            }
        }
        return why;
    }

    private static boolean isMadeHere(Serving serving) {
        return Owner.self()
                .map(self -> self.place() + " " + self.process())
                .filter(serving.label(Mark.STARTER)::equals)
                .isPresent();
    }

    private void remove(Serving serving) {
        new ServiceEnd(swarm, time).remove(serving);
    }

    private boolean isOver(Duration limit) {
        return time.nanos() - began >= limit.toNanos();
    }

    private void requireOurs(Serving serving, String name) {
        if (!serving.label(Mark.SPEC).equals(Mark.spec(blueprint))
                || !serving.label(Mark.DEPLOYMENT).equals(deployment)) {
            throw new InfrastructureException("something else runs as " + deployment + " (service " + name
                    + "), perhaps from a ledger that was thrown away; remove it before the next try");
        }
    }

    private void create(String name) {
        if (made >= TAKEN_AWAY) {
            throw new InfrastructureException("service " + name + " was taken away each time it was made, " + made
                    + " times: somebody else removes it, find out who before the next try");
        }
        KeptImages images = new KeptImages(swarm.engine());
        images.keep(
                images.require(release.declared().image(), release.declared().pulledAs()), mark);
        int port = port(name);
        made++;
        URI address = URI.create("http://0.0.0.0:" + port);
        AuthConfig login = swarm.engine().logins().forImage(release.image()).orElseGet(AuthConfig::new);
        try {
            swarm.ask(
                    "creating a service for " + deployment,
                    docker -> docker.createServiceCmd(
                                    release.spec(name, port, mark.labels(deployment, blueprint, address)))
                            .withAuthConfig(login)
                            .exec());
        } catch (EngineRefusedException refused) {
            // Somebody else was faster, by name or port: what there is by now is looked at again.
            if (!refused.isConflict() && !refused.reason().contains("already in use by service")) {
                throw refused;
            }
        }
    }

    /** On every node the same, and still free there when its replica is started again. */
    private int port(String name) {
        Set<Integer> taken = swarm.portsTaken();
        for (int i = 0; i < PORTS; i++) {
            int port = FIRST_PORT + Math.floorMod(name.hashCode() + made + i, PORTS);
            if (!taken.contains(port)) {
                return port;
            }
        }
        throw new InfrastructureException("every port from " + FIRST_PORT + " on is in use by a service of the swarm");
    }
}
