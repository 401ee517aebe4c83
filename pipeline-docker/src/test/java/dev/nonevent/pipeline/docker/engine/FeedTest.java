package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FeedTest {

    private final Feed feed = new Feed();

    @Test
    void allPiecesComeInTheirOrderHoweverLittleIsReadAtATime() throws Exception {
        feed.add("one ".getBytes(StandardCharsets.UTF_8));
        feed.add(new byte[0]);
        feed.add("two".getBytes(StandardCharsets.UTF_8));
        feed.close();

        byte[] three = new byte[3];
        assertThat(feed.read(three)).isEqualTo(3);
        assertThat(feed.read()).isEqualTo(' ');
        assertThat(feed.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("two");
        assertThat(feed.read()).isEqualTo(-1);
    }

    @Test
    void whoReadsWaitsForWhatComesLater() throws Exception {
        FutureTask<Integer> reading = new FutureTask<>(feed::read);
        new Thread(reading).start();

        feed.add(new byte[] {(byte) 200});

        assertThat(reading.get(30, TimeUnit.SECONDS)).isEqualTo(200);
    }
}
