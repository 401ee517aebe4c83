package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceGroup;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One service of one run: started by the first that needs it, on its thread and with its time, and ended with the last.
 * If that one is stopped before it is ready, the next one starts it again; if it cannot be started, that holds for all.
 */
final class SharedService {

    private final Service service;
    private final ServiceGroup group;
    private final Shared shared;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Set<Node> users = new HashSet<>();
    private boolean starting;
    private @Nullable ServiceFailure broken;
    private @Nullable Started started;
    private @Nullable Thread ending;

    private record Started(RunningService running, ServiceLog log) {}

    SharedService(Service service, ServiceGroup group, Shared shared) {
        this.service = service;
        this.group = group;
        this.shared = shared;
    }

    Service service() {
        return service;
    }

    void add(Node node) {
        users.add(node);
    }

    /**
     * The service, ready; started if it is not there yet.
     *
     * @throws ServiceFailure if it cannot be started, or has ended by itself
     */
    RunningService ready(Node user) throws InterruptedException {
        Started there;
        lock.lockInterruptibly();
        try {
            while (starting) {
                changed.await();
            }
            if (broken != null) {
                throw broken;
            }
            there = started;
            starting = there == null;
        } finally {
            lock.unlock();
        }
        return there == null ? start(user) : alive(there);
    }

    /** Tells what it said last, to whoever reads why the node went wrong. */
    void tell(Node node) {
        Started there = started();
        if (there != null) {
            shared.bus()
                    .publish(new RunEvent.ServiceSaid(
                            shared.folder().id(),
                            shared.time().now(),
                            service.name(),
                            node.name(),
                            howEnded(there).map(shared.redaction()::text),
                            there.log().lastLines(),
                            there.log().file()));
        }
    }

    void without(Node node) {
        lock.lock();
        try {
            if (users.remove(node) && users.isEmpty() && started != null) {
                Started last = started;
                started = null;
                ending = new Thread(
                        () -> end(last), "pipeline-" + shared.folder().id() + "-end-of-" + service.name());
                ending.setDaemon(true);
                ending.start();
            }
        } finally {
            lock.unlock();
        }
    }

    void awaitEnd() {
        Thread last;
        lock.lock();
        try {
            last = ending;
        } finally {
            lock.unlock();
        }
        if (last != null) {
            joinRegardless(last);
        }
    }

    private RunningService start(Node user) throws InterruptedException {
        Started there = null;
        ServiceFailure failure = null;
        try {
            there = startAlone(user);
            return there.running();
        } catch (ServiceFailure failed) {
            failure = failed;
            throw failed;
        } finally {
            lock.lock();
            try {
                starting = false;
                broken = failure;
                started = there;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Started startAlone(Node user) throws InterruptedException {
        long begun = shared.time().nanos();
        shared.bus()
                .publish(new RunEvent.ServiceStarting(
                        shared.folder().id(), shared.time().now(), service.name(), service.description(), user.name()));
        ServiceLog log = new ServiceLog(service.name(), shared);
        try {
            RunningService running = service.start(group, log);
            Duration took = Duration.ofNanos(shared.time().nanos() - begun);
            shared.bus()
                    .publish(new RunEvent.ServiceReady(
                            shared.folder().id(), shared.time().now(), service.name(), service.description(), took));
            return new Started(running, log);
        } catch (InterruptedException stopped) {
            log.close();
            throw stopped;
        } catch (RuntimeException | Error thrown) {
            log.close();
            throw ServiceFailure.notStarted(service, thrown, log.lastLines());
        }
    }

    private RunningService alive(Started there) {
        Optional<String> ended = howEnded(there);
        if (ended.isPresent()) {
            throw ServiceFailure.ended(service, ended.get(), there.log().lastLines());
        }
        return there.running();
    }

    private static Optional<String> howEnded(Started there) {
        try {
            return there.running().ended();
        } catch (RuntimeException unknown) { // the stage that asks has an ending of its own to tell
            return Optional.of("cannot be asked whether it runs: " + unknown.getMessage());
        }
    }

    private void end(Started there) {
        try (ServiceLog log = there.log()) {
            there.running().close();
            log.mustBeWhole();
        } catch (Throwable left) { // whatever it is, the run has to go on and somebody has to hear of it
            Aftermath.note("service " + service.name() + ": " + left.getMessage(), left, shared);
        }
        shared.bus()
                .publish(new RunEvent.ServiceEnded(
                        shared.folder().id(), shared.time().now(), service.name()));
    }

    private @Nullable Started started() {
        lock.lock();
        try {
            return started;
        } finally {
            lock.unlock();
        }
    }

    /** The run is over only when it is; an interrupt is for whoever comes after. */
    private static void joinRegardless(Thread thread) {
        boolean interrupted = false;
        boolean joined = false;
        while (!joined) {
            try {
                thread.join();
                joined = true;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
