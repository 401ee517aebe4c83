package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What comes about at some time; if it does not within a minute, the test fails with what was wrong last. Looked for again as
 * long as an assertion fails or nobody answers; anything else is thrown at once.
 */
public final class Awaited {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private Awaited() {}

    /** A look at what is there, that throws as long as it is not what is waited for. */
    public interface Look<T> {
        T look() throws Exception;
    }

    /** The same without a thing to bring. */
    public interface Check {
        void check() throws Exception;
    }

    public static <T> T value(Look<T> attempt) throws Exception {
        TimeSource time = TimeSource.system();
        long until = time.nanos() + LIMIT.toNanos();
        while (true) {
            try {
                return attempt.look();
            } catch (IOException | AssertionError | TrafficUnknownException notYet) {
                if (time.nanos() - until > 0) {
                    throw notYet;
                }
            }
            time.sleep(LOOK_AGAIN);
        }
    }

    public static void that(Check attempt) throws Exception {
        value(() -> {
            attempt.check();
            return true;
        });
    }

    /** The first answer is the right one already. */
    static void answer(URI address, String body) throws Exception {
        String first = value(() -> {
            try (RawClient client = new RawClient(address)) {
                return client.get("/").body();
            }
        });
        assertThat(first).isEqualTo(body);
    }

    static Traffic router(Path home) throws Exception {
        return value(() -> {
            Optional<Traffic> found = Router.router(0).find("shop", home);
            assertThat(found).isPresent();
            return found.get();
        });
    }
}
