package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.protocol.Protocol;
import dev.nonevent.pipeline.bluegreen.protocol.Table;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.Host;
import java.util.List;

/**
 * What a pipeline has declared of an application.
 *
 * @param failpoint where a test lets it die
 * @param <A> what is deployed
 */
record Declared<A>(String application, Host<? super A> host, Options options, Failpoint failpoint, Protocol protocol) {

    static <A> Declared<A> of(String application, Host<? super A> host) {
        return new Declared<>(application, host, Options.DEFAULT, Failpoint.NONE, Table.BLUE_GREEN);
    }

    Declared<A> with(Options chosen) {
        return new Declared<>(application, host, chosen, failpoint, protocol);
    }

    Declared<A> dyingAt(Failpoint chosen) {
        return new Declared<>(application, host, options, chosen, protocol);
    }

    Declared<A> following(Protocol chosen) {
        return new Declared<>(application, host, options, failpoint, chosen);
    }

    List<String> problems() {
        return new Declaration(application, options, host.addresses()).problems();
    }

    Site.Opening opening(DeploymentContext context) {
        return new Site.Opening(application, host, options, context, failpoint, protocol);
    }
}
