package dev.nonevent.pipeline.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceGroup;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Service} promises. The test of an implementation extends this and says how to make three of them. */
@Timeout(120)
public abstract class ServiceContract {

    private final ServiceGroup group =
            new ServiceGroup("contract-" + ProcessHandle.current().pid());
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    protected ServiceContract() {}

    /** Has a port, prints {@code hello} before it is ready, which is soon, and goes on printing. */
    protected abstract Service ready();

    /** Prints {@code hello} and is never ready. */
    protected abstract Service stuck();

    /** Prints {@code hello} and ends before it is ready. */
    protected abstract Service broken();

    @Test
    void itHasAnAddressForEachOfItsPortsAndRuns() throws Exception {
        Service service = ready();

        try (RunningService running = service.start(group, printed::writeBytes)) {
            assertThat(running.address().ports().keySet()).containsExactlyElementsOf(service.ports());
            assertThat(running.address().port())
                    .isEqualTo(running.address().port(service.ports().get(0)));
            assertThat(running.ended()).isEmpty();
        }
    }

    @Test
    void whatItPrintsArrivesAndNothingAfterItsEnd() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean late = new AtomicBoolean();
        RunningService first = ready().start(group, bytes -> {
            printed.writeBytes(bytes);
            late.compareAndSet(false, over.get());
        });
        first.close();
        over.set(true);

        // While another one comes and goes, the first has time to say something.
        ready().start(group, bytes -> {}).close();

        assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("hello\n");
        assertThat(late).isFalse();
    }

    @Test
    void twoStartsAreTwoServicesAndASecondEndOfOneDoesNotTouchTheOther() throws Exception {
        Service service = ready();
        RunningService first = service.start(group, bytes -> {});

        try (RunningService second = service.start(group, bytes -> {})) {
            assertThat(second.address()).isNotEqualTo(first.address());
            first.close();
            first.close();

            assertThat(second.ended()).isEmpty();
        }
    }

    @Test
    void aStartIsInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<RunningService> starting = new FutureTask<>(() -> stuck().start(group, bytes -> begun.countDown()));
        Thread thread = new Thread(starting);
        thread.start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();

        assertThatThrownBy(() -> starting.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void whatEndsBeforeItIsReadyIsBrokenInfrastructureAndItsLastWordsHaveArrived() {
        assertThatThrownBy(() -> broken().start(group, printed::writeBytes))
                .isInstanceOf(InfrastructureException.class);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("hello\n");
    }
}
