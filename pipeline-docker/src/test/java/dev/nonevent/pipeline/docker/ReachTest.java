package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.docker.engine.Reach;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReachTest {

    private final AtomicLong nanos = new AtomicLong();
    private final TimeSource time = new TimeSource() {
        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos.get());
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public void sleep(Duration duration) {
            nanos.addAndGet(duration.toNanos());
        }
    };

    @TempDir
    Path temporary;

    @Test
    void anEngineThatIsBackInTimeIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();

        String answer = reach().ask(engine -> {
            if (asked.incrementAndGet() < 5) {
                engine.ask("asking", docker -> docker.versionCmd().exec());
            }
            return "here";
        });

        assertThat(answer).isEqualTo("here");
        assertThat(asked).hasValue(5);
    }

    @Test
    void anEngineThatStaysAwayIsUnknownAndNotEmpty() {
        assertThatThrownBy(() -> reach().look(engine -> new Lives(engine).of("shop")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("no Docker engine answers at unix://" + temporary);
        assertThat(Duration.ofNanos(nanos.get())).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatIsWrongWithTheQuestionIsNotAskedAgain() {
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> reach().ask(engine -> {
                    asked.incrementAndGet();
                    throw new InfrastructureException("the image is not there");
                }))
                .hasMessage("the image is not there");
        assertThat(asked).hasValue(1);
    }

    private Reach reach() {
        return new Reach(Optional.of(URI.create("unix://" + temporary.resolve("no.sock"))), time);
    }
}
