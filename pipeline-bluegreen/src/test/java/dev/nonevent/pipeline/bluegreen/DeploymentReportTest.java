package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.proxy.Documentation;
import dev.nonevent.pipeline.bluegreen.report.DeploymentReport;
import dev.nonevent.pipeline.bluegreen.report.DeploymentReport.Purpose;
import dev.nonevent.pipeline.bluegreen.report.Ending;
import dev.nonevent.pipeline.bluegreen.report.Ending.Way;
import dev.nonevent.pipeline.bluegreen.report.Evidence;
import dev.nonevent.pipeline.bluegreen.report.Moment;
import dev.nonevent.pipeline.bluegreen.report.Side;
import dev.nonevent.pipeline.bluegreen.report.Users;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a deployment leaves to be read, for each way in which it can end. */
class DeploymentReportTest extends Reporting {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void ofAReleaseThatBecameStableTellsWhatBothSidesAnsweredAndWhatWasDrained() throws Exception {
        shop.deploy("v1");
        world.time().pass(Duration.ofHours(1));

        LiveRelease live = shop.deploy("v2");

        DeploymentReport report = report();
        assertThat(live.report()).isEqualTo(report);
        assertThat(report.deployment()).contains("shop-2");
        assertThat(report.purpose()).isEqualTo(Purpose.DEPLOY);
        assertThat(report.ending())
                .isEqualTo(new Ending(
                        Way.STABLE, Optional.of("0.0 % of 400 requests failed, allowed 1.0 %"), false, on(GREEN)));
        assertThat(report.users().served())
                .as("blue: of one second until green was healthy, and not of the hour before")
                .containsExactly(served(GREEN, 402, 0, 0), served(BLUE, 200, 0, 0));
        assertThat(report.users().drained()).containsExactly(new Users.Drained(BLUE, 2, 0));
        assertThat(report.times().switchedAt()).contains(NOON.plusSeconds(3_602));
        assertThat(report.times().endedAt()).contains(NOON.plusSeconds(3_604));
        assertThat(report.times().detectedIn()).isEmpty();
        assertThat(report.evidence())
                .containsExactly(
                        new Evidence(Evidence.Of.HEALTH, "3 good answers in a row to GET /health after 1000 ms"),
                        new Evidence(Evidence.Of.JUDGEMENT, "0.0 % of 400 requests failed, allowed 1.0 %"));
        assertThat(report.timeline())
                .extracting(Moment::fact)
                .containsExactly(
                        "Begun",
                        "Creating",
                        "Created",
                        "Healthy",
                        "Switching",
                        "Switched",
                        "Committed",
                        "Draining",
                        "Drained",
                        "Keeping",
                        "Done");
    }

    @Test
    void ofOneThatWasRolledBackTellsWhatItFailedAndHowFastThatWasNoticed() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(0.2);
        world.safe(0.5);

        failing("v2");

        DeploymentReport report = report();
        assertThat(report.ending())
                .isEqualTo(new Ending(
                        Way.ROLLED_BACK, Optional.of("20.0 % of 25 requests failed, allowed 1.0 %"), false, on(BLUE)));
        assertThat(report.users().served()).containsExactly(served(GREEN, 25, 5, 2), served(BLUE, 202, 0, 0));
        assertThat(report.users().drained()).containsExactly(new Users.Drained(GREEN, 2, 0));
        assertThat(report.times().detectedIn()).contains(Duration.ofMillis(100));
        assertThat(report.times().restoredIn()).contains(Duration.ZERO);
        assertThat(report.text())
                .contains("  way back    detected 100 ms after the first failed request, traffic back 0 ms later\n")
                .contains("  users       green (v2): 5 of 25 requests failed, 2 of them spared: users saw 3\n")
                .contains("  drained     green (v2): 2 requests in flight came to their end, 0 were cut\n");
    }

    @Test
    void itIsWhatItsPageShowsAndIsReadAgain() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(0.2);
        world.safe(0.5);
        failing("v2");

        DeploymentReport report = report();

        assertThat(Documentation.fences("report.md", "text")).containsExactly(report.text());
        assertThat(Documentation.fences("report.md", "json")).containsExactly(report.json());
        assertThat(DeploymentReport.fromJson(report.json())).isEqualTo(report);
        String later = report.json().replaceFirst("\\{", "{\"added\" : {\"later\" : 1},");
        assertThat(DeploymentReport.fromJson(later)).isEqualTo(report);
        assertThatThrownBy(() -> DeploymentReport.fromJson("{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("this is no report of a deployment: ");
    }

    @Test
    void ofACanaryThatWasTakenBackTellsWhatItsPartOfTheUsersGot() throws Exception {
        shop.deploy("v1");
        shop.inSteps = true;
        world.release("v2").fails(1.0);

        failing("v2");

        DeploymentReport report = report();
        assertThat(report.ending().way()).isEqualTo(Way.ROLLED_BACK);
        assertThat(report.ending().traffic()).isEqualTo(on(BLUE));
        assertThat(report.users().served()).first().satisfies(green -> {
            assertThat(green.side()).isEqualTo(GREEN);
            assertThat(green.answers().orElseThrow().seen()).isZero();
            assertThat(green.answers().orElseThrow().failed())
                    .isPositive()
                    .isEqualTo(green.answers().orElseThrow().requests());
        });
        assertThat(report.timeline()).extracting(Moment::sentence).contains("10 % of the users have it");
    }

    @Test
    void ofOneThatWasRefusedHasNoRequestsOfIt() throws Exception {
        shop.deploy("v1");
        world.release("v2").isSick();

        failing("v2");

        DeploymentReport report = report();
        assertThat(report.ending().way()).isEqualTo(Way.REFUSED);
        assertThat(report.ending().why()).contains("it was not healthy within 10 s: GET /health answered 503");
        assertThat(report.ending().traffic()).isEqualTo(on(BLUE));
        assertThat(report.times().switchedAt()).isEmpty();
        assertThat(report.users().served()).containsExactly(served(BLUE, 2_000, 0, 0));
    }

    @Test
    void ofOneThatGaveWayToANewerOneIsSuperseded() throws Exception {
        shop.deploy("v1");
        assertThatThrownBy(() -> shop.blueGreen()
                        .dyingAt(boundary -> {
                            if (boundary.equals("after Switched")) {
                                new Orders(home.resolve("deployments/shop"))
                                        .give(new Orders.Order(Orders.Kind.SUPERSEDE, "shop-2", "ccccccc"));
                            }
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class);

        assertThat(report().ending())
                .isEqualTo(new Ending(Way.SUPERSEDED, Optional.of("SUPERSEDED by ccccccc"), false, on(BLUE)));
    }

    @Test
    void ofOneThatCameTooLateSaysThatNothingWasBegun() throws Exception {
        shop.blueGreen().deploy("v2", shop.context("bbbbbbb", NOON));
        assertThatThrownBy(() -> shop.blueGreen().deploy("v1", shop.context("aaaaaaa", NOON.minusSeconds(60))))
                .isInstanceOf(DeploymentFailedException.class);

        DeploymentReport report = report();

        assertThat(report.deployment()).isEmpty();
        assertThat(report.release().version()).isEqualTo("aaaaaaa");
        assertThat(report.ending().way()).isEqualTo(Way.SUPERSEDED);
        assertThat(report.ending().traffic()).isEqualTo(on(new Side(Colour.BLUE, "shop-1", Optional.of("bbbbbbb"))));
        assertThat(report.timeline()).singleElement().extracting(Moment::fact).isEqualTo("Superseded");
    }

    @Test
    void ofOneThatNeedsAPersonTellsWhereUsersAreLeft() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        assertThatThrownBy(() -> shop.blueGreen().irreversible("drop column").deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class);

        assertThat(report().ending().way()).isEqualTo(Way.NEEDS_HUMAN);
        assertThat(report().ending().why().orElseThrow())
                .startsWith("100.0 % of 5 requests failed")
                .contains("drop column");
        assertThat(report().ending().traffic()).isEqualTo(on(GREEN));
        assertThat(report().users().served()).contains(served(GREEN, 5, 5, 0));
    }

    @Test
    void ofAWayBackByHandAndOfASecondTrySayWhatTheyWere() throws Exception {
        shop.deploy("v1");
        world.release("v2").isSick();
        failing("v2");
        world.release("v2").isWell();

        shop.blueGreen().retry(shop.context());
        shop.blueGreen().rollBack(shop.context());

        assertThat(shop.blueGreen().reports(shop.context(), 3))
                .extracting(DeploymentReport::purpose)
                .containsExactly(Purpose.DEPLOY, Purpose.RETRY, Purpose.ROLL_BACK);
        assertThat(shop.blueGreen().reports(shop.context(), 100)).hasSize(4);
        assertThat(report().ending().traffic()).isEqualTo(on(BLUE));
        assertThat(report().users().served())
                .as("of the instance that was warm, only what it answered since")
                .first()
                .isEqualTo(served(BLUE, 2, 0, 0));
    }

    @Test
    void whoDeployedInAFreezeIsEvidence() throws Exception {
        LocalDateTime today = LocalDateTime.ofInstant(NOON, ZoneOffset.UTC);
        shop.blueGreen()
                .freeze(List.of(FreezeWindow.once(today, today.plusDays(1), ZoneOffset.UTC, "Black Friday")))
                .despiteFreeze("ops", "the shop is down")
                .deploy("v1", shop.context());

        assertThat(report().evidence()).first().satisfies(first -> {
            assertThat(first.of()).isEqualTo(Evidence.Of.FREEZE);
            assertThat(first.words()).startsWith("ops deployed in the freeze").endsWith("the shop is down");
        });
    }

    @Test
    void aSwitcherThatForgotWhatItCountedLeavesNoCompleteNumbers() throws Exception {
        shop.deploy("v1");
        world.time().pass(Duration.ofMinutes(1));

        shop.blueGreen()
                .dyingAt(boundary -> {
                    if (boundary.equals("before Committed")) {
                        world.switcher().forgetsCounts();
                    }
                })
                .deploy("v2", shop.context());

        assertThat(report().users().served())
                .containsExactly(
                        new Users.Served(GREEN, Optional.of(new Users.Answers(2, 0, 0, false))),
                        new Users.Served(BLUE, Optional.empty()));
        assertThat(report().text())
                .contains("green (v2): at least 0 of 2 requests failed; counting began anew in between\n")
                .contains("blue (v1): how many requests it answered is not known\n");
    }

    @Test
    void aSwitcherThatCannotCountLeavesNoNumbers() throws Exception {
        world.switcher().can(EnumSet.complementOf(EnumSet.of(Capability.COUNTS)));
        shop.deploy("v1");
        shop.blueGreen().bake(Duration.ZERO).deploy("v2", shop.context());

        assertThat(report().users().served())
                .containsExactly(new Users.Served(GREEN, Optional.empty()), new Users.Served(BLUE, Optional.empty()));
    }

    @Test
    void everyLineOfItFitsIntoTheColumns() throws Exception {
        shop.deploy("v1");
        world.release("v2").fails(1.0);
        String column = "drop column " + "x".repeat(300);
        assertThatThrownBy(() -> shop.blueGreen().irreversible(column).deploy("v2", shop.context()))
                .isInstanceOf(DeploymentFailedException.class);

        assertThat(report().text().lines())
                .hasSizeGreaterThan(15)
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(120).doesNotEndWith(" "));
        assertThat(report().text().replaceAll("\\s+", "")).contains("x".repeat(300));
    }

    @Test
    void whereNothingWasEverDeployedThereIsNone() {
        assertThat(shop.blueGreen().report(shop.context())).isEmpty();
        assertThat(shop.blueGreen().reports(shop.context(), 5)).isEmpty();
    }

    @Test
    void everyKindOfFactHasWords() {
        Set<Class<?>> kinds = kindsOf(LedgerEntry.class).collect(Collectors.toSet());

        assertThat(kinds).hasSizeGreaterThan(25);
        assertThat(kinds).isEqualTo(Narration.kinds());
    }

    private static Stream<Class<?>> kindsOf(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Stream.of(type.getPermittedSubclasses()).flatMap(DeploymentReportTest::kindsOf);
    }

    private void failing(String artifact) {
        assertThatThrownBy(() -> shop.deploy(artifact)).isInstanceOf(DeploymentFailedException.class);
    }
}
