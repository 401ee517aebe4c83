package dev.nonevent.pipeline.bluegreen.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Switches while clients ask that repeat nothing: half of them on connections that they keep, half with one for each request;
 * every other request is a POST.
 */
public final class SwitchesUnderLoad implements AutoCloseable {

    private static final int CLIENTS = 8;
    private static final int ANSWERS_BETWEEN_SWITCHES = 100;

    private final Traffic traffic;
    private final List<RawInstance> instances = new ArrayList<>();
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger current = new AtomicInteger();

    public final AtomicLong answers = new AtomicLong();
    /** Answers by an instance from which users had been switched away before the connection was made. */
    public final AtomicLong stale = new AtomicLong();

    public final Queue<String> refused = new ConcurrentLinkedQueue<>();
    public final Queue<String> lostOnUsedConnections = new ConcurrentLinkedQueue<>();
    public final Queue<String> failed = new ConcurrentLinkedQueue<>();

    public SwitchesUnderLoad(Traffic traffic) {
        this.traffic = traffic;
    }

    /** Returns when all clients are through. */
    public void run(int switches) throws Exception {
        switchTo(0);
        for (int i = 0; i < CLIENTS; i++) {
            boolean keeps = i % 2 == 0;
            Thread client = new Thread(() -> askUntilItIsOver(keeps), "client " + i);
            clients.add(client);
            client.start();
        }
        for (int n = 1; n <= switches; n++) {
            awaitAnswers((long) n * ANSWERS_BETWEEN_SWITCHES);
            switchTo(n);
        }
        awaitAnswers((switches + 1L) * ANSWERS_BETWEEN_SWITCHES);
        over.set(true);
        for (Thread client : clients) {
            client.join(TimeUnit.SECONDS.toMillis(30));
        }
    }

    private void switchTo(int number) throws IOException {
        RawInstance instance = new RawInstance(line -> {
            while (true) {
                line.answer(number + " " + line.read().body());
            }
        });
        instances.add(instance);
        traffic.switchTo(instance.target("shop-" + number), number + 1L);
        current.set(number);
    }

    private void askUntilItIsOver(boolean keeps) {
        URI address = traffic.address();
        while (!over.get()) {
            int answered = 0;
            int allowed = current.get();
            try (RawClient client = new RawClient(address)) {
                do {
                    ask(client, answered, keeps ? current.get() : allowed);
                    answered++;
                } while (keeps && !over.get());
            } catch (ConnectException e) {
                refused.add(e.toString());
            } catch (IOException | RuntimeException e) {
                (answered > 0 ? lostOnUsedConnections : failed).add(e.toString());
            }
        }
    }

    private void ask(RawClient client, int number, int allowed) throws IOException {
        String body = number % 2 == 0 ? "" : "order " + number;
        client.send(
                body.isEmpty()
                        ? "GET / HTTP/1.1\r\nHost: shop\r\n\r\n"
                        : "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        RawClient.Message answer = client.read();
        String[] words = answer.body().split(" ", 2);
        if (answer.status() != 200 || !words[1].equals(body)) {
            failed.add(answer.firstLine() + " " + answer.body());
        } else if (Integer.parseInt(words[0]) < allowed) {
            stale.incrementAndGet();
        }
        answers.incrementAndGet();
    }

    private void awaitAnswers(long wanted) throws Exception {
        Awaited.that(() ->
                assertThat(answers.get()).as("answers; failed: %s", failed).isGreaterThanOrEqualTo(wanted));
    }

    @Override
    public void close() throws IOException {
        over.set(true);
        for (RawInstance instance : instances) {
            instance.close();
        }
    }
}
