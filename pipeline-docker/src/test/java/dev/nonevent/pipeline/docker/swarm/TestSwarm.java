package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One swarm of a manager and a worker for all tests of this run that ask for it, for it takes seconds to begin. */
final class TestSwarm implements ParameterResolver {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(TestSwarm.class);

    /** @param image on both, that says hello and answers on port 8080 */
    record Begun(PrivateSwarm swarm, TestServices services, Image image) implements AutoCloseable {

        private static Begun now() {
            try {
                PrivateSwarm swarm = PrivateSwarm.start(2);
                try {
                    TestServices services = new TestServices(swarm);
                    return new Begun(swarm, services, services.image("v1"));
                } catch (Exception e) {
                    swarm.close();
                    throw e;
                }
            } catch (Exception e) {
                throw new IllegalStateException("no swarm can be begun here", e);
            }
        }

        @Override
        public void close() throws Exception {
            swarm.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Begun.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(OURS).getOrComputeIfAbsent(Begun.class, key -> Begun.now(), Begun.class);
    }
}
