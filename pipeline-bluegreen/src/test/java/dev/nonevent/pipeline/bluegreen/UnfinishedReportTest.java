package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerPoisonedException;
import dev.nonevent.pipeline.bluegreen.report.DeploymentReport;
import dev.nonevent.pipeline.bluegreen.report.Ending;
import dev.nonevent.pipeline.bluegreen.report.Ending.Way;
import dev.nonevent.pipeline.bluegreen.report.Moment;
import dev.nonevent.pipeline.bluegreen.report.Users;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What there is to be read of a deployment that its process did not end, or could not write about. */
class UnfinishedReportTest extends Reporting {

    @Test
    void ofOneThatIsHeldKnowsNeitherWhereUsersAreNorWhatTheyGot() throws Exception {
        shop.deploy("v1");
        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> world.switcher().unreachable(boundary.equals("after Switched")))
                        .deploy("v2", shop.context()))
                .isInstanceOf(TrafficUnknownException.class);

        DeploymentReport held = report();
        assertThat(held.ending().way()).isEqualTo(Way.HELD);
        assertThat(held.ending().traffic()).isEmpty();
        assertThat(held.users().served()).extracting(Users.Served::answers).containsOnly(Optional.empty());
        assertThat(held.times().endedAt()).isEmpty();

        world.switcher().unreachable(false);
        shop.blueGreen().recover(shop.context());
        assertThat(report().ending().way()).isEqualTo(Way.STABLE);
        assertThat(report().ending().recovered()).isTrue();
    }

    @Test
    void ofOneThatIsUnderWayIsOpen() throws Exception {
        shop.deploy("v1");
        diesAt("after Created", "v2");

        assertThat(report().ending()).isEqualTo(new Ending(Way.OPEN, Optional.empty(), false, Optional.empty()));
        assertThat(report().text())
                .startsWith(
                        "shop-2: deploying v2 has not ended\n  traffic     where it is now is told by the status\n");
        assertThat(report().json()).contains("\"why\" : null");
        assertThat(DeploymentReport.fromJson(report().json())).isEqualTo(report());
    }

    @Test
    void ofOneThatAProcessLeftBeforeAnyUserHadItIsUndone() throws Exception {
        shop.deploy("v1");
        diesAt("after Created", "v2");
        world.time().pass(Duration.ofSeconds(1));

        shop.blueGreen().recover(shop.context());

        assertThat(report().ending())
                .isEqualTo(new Ending(Way.UNDONE, Optional.of("the deploying process died"), true, on(BLUE)));
        assertThat(report().users().served()).containsExactly(served(BLUE, 200, 0, 0));
    }

    @Test
    void ofOneThatAProcessLeftOnItsWayBackSaysWhatWasWrongWithIt() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        diesAt("after SwitchedBack", "v2");

        shop.blueGreen().recover(shop.context());

        assertThat(report().ending())
                .isEqualTo(new Ending(
                        Way.ROLLED_BACK, Optional.of("100.0 % of 5 requests failed, allowed 1.0 %"), true, on(BLUE)));
        assertThat(report().users().served()).contains(served(GREEN, 5, 5, 5));
        assertThat(report().timeline()).extracting(Moment::fact).contains("Acquired");
    }

    @Test
    void ofOneWhoseProcessDiedAtItsVeryEndIsCompletedByTheNext() throws Exception {
        shop.deploy("v1");
        diesAt("after Done", "v2");
        assertThat(report().ending().traffic())
                .as("what a switch has left is known")
                .isEqualTo(on(GREEN));
        assertThat(report().users().countedAt()).isEmpty();

        shop.deploy("v3");

        DeploymentReport second = shop.blueGreen().reports(shop.context(), 2).get(0);
        assertThat(second.deployment()).contains("shop-2");
        assertThat(second.ending().way()).isEqualTo(Way.STABLE);
        assertThat(second.users().served()).contains(served(GREEN, 402, 0, 0));
        assertThat(second.users().countedAt()).isPresent();
    }

    @Test
    void ofOneThatWentDownWithTheApplicationSaysSo() throws Exception {
        shop.deploy("v1");
        diesAt("after Switched", "v2");

        shop.blueGreen().down(shop.context());

        assertThat(report().ending().way()).isEqualTo(Way.TAKEN_DOWN);
        assertThat(report().times().endedAt()).isPresent();
    }

    @Test
    void whatCannotBeWrittenForTheReportIsInNobodysWay() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        boolean[] back = {false};

        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            back[0] |= boundary.equals("after RolledBack");
                            if (back[0] && boundary.equals("before Observed")) {
                                unwritable();
                            }
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith("rolled back: 100.0 %");

        assertThat(world.served()).contains("v1");
        assertThat(shop.lines)
                .anyMatch(line -> line.startsWith("the report has to do without what users were answered: the ledger"));
        assertThat(report().ending().way()).isEqualTo(Way.ROLLED_BACK);
        assertThat(report().ending().traffic()).isEqualTo(on(BLUE));
        assertThat(report().users().countedAt()).isEmpty();
        shop.blueGreen().recover(shop.context());
        assertThat(report().users().served()).contains(served(GREEN, 5, 5, 5));
    }

    @Test
    void aLedgerThatTakesNoObservationEndsTheDeploymentBeforeItsBeginAndSaysWhy() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            if (boundary.equals("before Observed")) {
                                unwritable();
                            }
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(LedgerPoisonedException.class)
                .hasMessageContaining("was taken over while this process held it");

        assertThat(world.served()).contains("v1");
        assertThat(shop.lines).noneMatch(line -> line.startsWith("the report has to do without"));
    }

    private void diesAt(String where, String artifact) {
        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            if (boundary.equals(where)) {
                                throw new Story.Death(boundary);
                            }
                        })
                        .deploy(artifact, shop.context()))
                .isInstanceOf(Story.Death.class);
    }

    /** The ledger takes no more records of who has it open. */
    private void unwritable() {
        Path ledger = home.resolve("deployments/shop/ledger.log");
        try {
            Path copy = ledger.resolveSibling("copy");
            Files.copy(ledger, copy);
            Files.move(copy, ledger, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
