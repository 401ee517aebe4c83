package dev.nonevent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceGroup;
import dev.nonevent.pipeline.gate.Verdict;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ServiceRulesTest {

    private record Named(String name, String description) implements Service {

        @Override
        public List<Integer> ports() {
            return List.of(5432);
        }

        @Override
        public RunningService start(ServiceGroup group, CommandOutput output) {
            throw new AssertionError("a plan starts nothing");
        }
    }

    private final Service db = new Named("db", "postgres:16");

    @Test
    void aPlanShowsWhoUsesWhichService() throws Exception {
        Plan plan = plan(p -> {
            p.gate("slow tests").service(db).check(ctx -> Verdict.pass("x"));
            p.stage("load").env("DB", db.url("{host}")).run(ctx -> 1);
        });

        assertThat(plan.text()).containsSubsequence("slow tests", "services  db (postgres:16)", "load", "services  db");
        JsonNode root = new JsonMapper().readTree(plan.json());
        assertThat(root.at("/steps/0/services/0/name").asText()).isEqualTo("db");
        assertThat(root.at("/steps/1/services/0/description").asText()).isEqualTo("postgres:16");
        assertThat(root.at("/steps/1/environment/0").asText()).isEqualTo("DB");
        assertThat(plan.mermaid()).isEqualTo("""
                flowchart LR
                  s0{"slow tests"}
                  v0[("db")]
                  v0 --- s0
                  s1["load"]
                  v0 --- s1
                """);
    }

    @Test
    void twoServicesOfOneNameAreRefused() {
        assertThatThrownBy(() -> plan(p -> {
                    p.stage("a").service(db).run(ctx -> 1);
                    p.stage("b").service(new Named("db", "mysql:8")).run(ctx -> 1);
                }))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("stage \"b\" names the service db (mysql:8), and another of that name is there"
                        + " (postgres:16): give one of them another name");
    }

    @Test
    void aNameThatIsNoAddressIsRefused() {
        assertThatThrownBy(() ->
                        plan(p -> p.stage("a").service(new Named("My_DB", "x")).run(ctx -> 1)))
                .hasMessageContaining("names the service \"My_DB\": lower case letters, digits and dashes");
    }

    @Test
    void aVariableIsOneThing() {
        assertThatThrownBy(() -> plan(p ->
                        p.stage("a").env("DB", "x").env("DB", db.url("{host}")).run(ctx -> 1)))
                .hasMessageContaining("sets DB to the address of a service, and to something else");
    }

    @Test
    void whatAnExecutorCannotReachIsRefused() {
        CommandExecutor island = new CommandExecutor() {
            @Override
            public CommandResult run(Command command, CommandOutput output) {
                throw new AssertionError("a plan runs nothing");
            }

            @Override
            public List<String> problemsWith(List<Service> services) {
                return List.of("an island reaches no " + services.get(0).name());
            }

            @Override
            public String description() {
                return "island";
            }
        };

        assertThatThrownBy(() -> plan(p -> p.stage("a").in(island).service(db).run(ctx -> 1)))
                .hasMessageContaining("stage \"a\": an island reaches no db");
    }

    @Test
    void aDeployHasNoUseForAService() {
        assertThatThrownBy(() -> plan(p -> {
                    var jar = p.stage("jar").run(ctx -> "jar");
                    p.stage("live")
                            .needs(jar)
                            .service(db)
                            .withoutGates("a test")
                            .deploy(FakeStrategy.of("shop", String.class));
                }))
                .hasMessageContaining("stage \"live\" deploys, and names the service db");
    }

    private static Plan plan(Consumer<Scope> body) {
        return Plan.of(Pipeline.define("shop", body));
    }
}
