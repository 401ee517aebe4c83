package dev.nonevent.pipeline.bluegreen.router.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Ask;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Reply;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Verb;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlTest {

    @ParameterizedTest
    @MethodSource("admissions")
    void everyFieldOfARoutingArrives(Admission admission) throws IOException {
        Routing routing = full(admission);
        Ask ask = Ask.of("shop", Verb.SWITCH).fence(3).routing(routing);
        Reply reply = Reply.done(
                new Route(routing, 3, 4),
                URI.create("http://127.0.0.1:8000"),
                Control.Identity.of("program", Settings.on(8000)));

        assertThat(Control.ask(Control.write(ask))).isEqualTo(ask);
        assertThat(Control.reply(Control.write(reply))).isEqualTo(reply);
    }

    @Test
    void admissionThatNobodyKnowsIsNotTakenForOpen() throws IOException {
        String line = Control.write(Ask.of("shop", Verb.SWITCH).routing(full(new Admission.Open())));

        assertThatThrownBy(() -> Control.ask(line.replace("\"is\":\"open\"", "\"is\":\"ajar\"")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be read");
    }

    static Stream<Admission> admissions() {
        return Stream.of(
                new Admission.Open(),
                new Admission.Held(Duration.ofMillis(1_500), 100),
                new Admission.Stopped("\"Back\" at nine\nor <later>"));
    }

    private static Routing full(Admission admission) {
        return Routing.to(target(1))
                .canary(Canary.of(target(2), 25).stickyBy("side").alsoFor("X-Tester", "yes"))
                .standby(target(3))
                .preview(target(4))
                .admission(admission);
    }

    private static Target target(int number) {
        return new Target(Colour.GREEN, "shop-" + number, URI.create("http://127.0.0.1:900" + number));
    }
}
