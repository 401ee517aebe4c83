package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.executor.ServiceGroup;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerServiceTest {

    private final DockerService db = DockerService.service("postgres:16");

    @ParameterizedTest
    @CsvSource({
        "postgres:16, postgres",
        "registry.example:5000/team/my_db:1.2, my-db",
        "redis@sha256:0123456789abcdef0123456789abcdef, redis",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, service"
    })
    void itIsNamedAsItsImage(String image, String name) {
        assertThat(DockerService.service(image).name()).isEqualTo(name);
    }

    @Test
    void aSettingGivesAnotherServiceAndLeavesTheFirstAsItIs() {
        DockerService named = db.name("db").port(5432).port(80);

        assertThat(db.name()).isEqualTo("postgres");
        assertThat(db.ports()).isEmpty();
        assertThat(named.name()).isEqualTo("db");
        assertThat(named.ports()).containsExactly(5432, 80);
        assertThat(named.url("{host}:{port}").template()).isEqualTo("{host}:{port}");
    }

    @Test
    void whatCannotBeIsRefusedWhereItIsWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DockerService.service("--privileged"))
                .withMessage("\"--privileged\" is no image: name one like postgres:16");
        assertThatIllegalArgumentException().isThrownBy(() -> db.name("My DB"));
        assertThatIllegalArgumentException().isThrownBy(() -> db.port(0));
        assertThatIllegalArgumentException().isThrownBy(() -> db.port(80).port(80));
        assertThatIllegalArgumentException().isThrownBy(() -> db.env("A=B", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> db.command());
        assertThatIllegalArgumentException().isThrownBy(() -> db.tmpfs("relative"));
        assertThatIllegalArgumentException().isThrownBy(() -> db.memoryMib(5));
        assertThatIllegalArgumentException().isThrownBy(() -> db.cpus(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> db.processes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> db.readyWhenLog("", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> db.readyWhenHttp(80, "health"));
        assertThatIllegalArgumentException().isThrownBy(() -> db.readyWhenExec());
        assertThatIllegalArgumentException().isThrownBy(() -> db.within(Duration.ZERO));
    }

    @Test
    void aPortItIsWaitedForOnHasToBeDeclared() {
        assertThatThrownBy(() -> db.readyWhenPort(5432).start(new ServiceGroup("run"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("postgres:16 is ready when port 5432 answers, which is not declared: add port(5432)");
    }
}
