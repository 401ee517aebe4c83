package dev.nonevent.pipeline.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceUrlTest {

    private record Named(String name, List<Integer> ports) implements Service {

        @Override
        public String description() {
            return name;
        }

        @Override
        public RunningService start(ServiceGroup group, CommandOutput output) {
            throw new AssertionError("nothing is started here");
        }
    }

    @Test
    void hostAndPortsAreFilledIn() {
        ServiceUrl url = new Named("db", List.of(5432, 80)).url("a://{host}:{port}/{port:80}?$1\\");

        assertThat(url.at(new ServiceAddress("127.0.0.1", Map.of(5432, 40001, 80, 40002)))
                        .replace("40002", "x"))
                .endsWith("/x?$1\\");
        assertThat(url.at(ServiceAddress.of("db", List.of(5432, 80)))).isEqualTo("a://db:5432/80?$1\\");
    }

    @Test
    void whatCannotBeFilledInIsSaidWhereItIsWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Named("db", List.of(5432)).url("{hots}"))
                .withMessage("service db: \"{hots}\" cannot be filled in: there is no {hots}; there is {host}, {port}"
                        + " and {port:8080}, and a port is declared with port(…)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Named("db", List.of(5432)).url("{port:80}"))
                .withMessageContaining("has no port 80, only [5432]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Named("db", List.of()).url("{port}"))
                .withMessageContaining("the service at db has no port");
    }
}
