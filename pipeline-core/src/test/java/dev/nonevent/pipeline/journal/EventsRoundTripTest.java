package dev.nonevent.pipeline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event there is, also one that is added tomorrow, comes back from a journal as it was. */
class EventsRoundTripTest {

    @TempDir
    Path directory;

    static Stream<Class<?>> events() {
        return leaves(RunEvent.class).filter(type -> type != RunEvent.StageOutput.class);
    }

    static Stream<Class<?>> outcomes() {
        return leaves(Outcome.class);
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventComesBackAsItWas(Class<?> type) throws Exception {
        RunEvent event = (RunEvent) sample(type);

        assertThat(writtenAndRead(event)).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void anOutcomeComesBackAsItWas(Class<?> type) throws Exception {
        Outcome outcome = (Outcome) sample(type);
        RunEvent event = new RunEvent.RunEnded(
                new dev.nonevent.pipeline.event.RunId("1"), Instant.EPOCH, outcome, Duration.ofNanos(1));

        assertThat(writtenAndRead(event)).isEqualTo(event);
    }

    @Test
    void whatWasThrownStaysInItsProcess() {
        Failure failure = new Failure("it broke", List.of("a"), new IllegalStateException("inside"));
        RunEvent event = new RunEvent.RunEnded(
                new dev.nonevent.pipeline.event.RunId("1"), Instant.EPOCH, new Outcome.Failed(failure), Duration.ZERO);

        Outcome read = ((RunEvent.RunEnded) writtenAndRead(event)).outcome();

        assertThat(read).isEqualTo(new Outcome.Failed(new Failure("it broke", List.of("a"), null)));
    }

    private RunEvent writtenAndRead(RunEvent event) {
        try (RunJournal journal = RunJournal.open(directory, Instant.EPOCH, RunJournal.onThisMachine())) {
            journal.append(new JournalEntry.Told(event), text -> text);
        }
        return RunJournal.events(RunJournal.read(directory)).get(0);
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventsRoundTripTest::leaves)
                : Stream.of(type);
    }

    private static Object sample(Type type) throws Exception {
        if (type instanceof ParameterizedType generic) {
            Type first = generic.getActualTypeArguments()[0];
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == Optional.class) {
                return Optional.of(sample(first));
            }
            return generic.getRawType() == Map.class ? Map.of(sample(first), sample(last)) : List.of(sample(first));
        }
        Class<?> raw = (Class<?>) type;
        Map<Class<?>, Object> known = Map.of(
                String.class,
                "text",
                boolean.class,
                true,
                int.class,
                7,
                long.class,
                1L << 40,
                Instant.class,
                Instant.parse("2026-11-24T01:02:03.456789Z"),
                Duration.class,
                Duration.ofNanos(1_234_567_890_123L),
                Path.class,
                Path.of("/runs/1"));
        if (known.containsKey(raw)) {
            return known.get(raw);
        } else if (raw == Throwable.class) {
            return null;
        } else if (raw.isSealed()) {
            return sample(leaves(raw).findFirst().orElseThrow());
        } else if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        RecordComponent[] components = raw.getRecordComponents();
        Object[] parts = new Object[components.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = sample(components[i].getGenericType());
        }
        var constructor = raw.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(parts);
    }
}
