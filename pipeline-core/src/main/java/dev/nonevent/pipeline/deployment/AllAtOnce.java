package dev.nonevent.pipeline.deployment;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks every replica of an instance at the same time, so that all of them together take no longer than one. */
final class AllAtOnce {

    private final Probe probe;

    AllAtOnce(Probe probe) {
        this.probe = probe;
    }

    /** One for each address, in their order; a bad one begins with where it was given. */
    List<Health> answers(List<URI> addresses) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(addresses.size(), AllAtOnce::thread);
        try {
            List<Callable<Health>> questions = new ArrayList<>();
            addresses.forEach(address -> questions.add(() -> probe.probe(address)));
            List<Future<Health>> asked = threads.invokeAll(questions);
            List<Health> answers = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                answers.add(at(addresses.get(i), asked.get(i).get()));
            }
            return answers;
        } catch (ExecutionException e) {
            // As if it had been asked on this thread.
            if (e.getCause() instanceof RuntimeException broken) {
                throw broken;
            } else if (e.getCause() instanceof Error broken) {
                throw broken;
            }
            throw new IllegalStateException("a health check broke: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** A question that never ends keeps nobody's process from ending. */
    private static Thread thread(Runnable question) {
        Thread asking = new Thread(question, "health check");
        asking.setDaemon(true);
        return asking;
    }

    private static Health at(URI address, Health answer) {
        return answer.problem()
                .<Health>map(reason -> new Health.Unhealthy("at " + address + " " + reason))
                .orElse(answer);
    }
}
