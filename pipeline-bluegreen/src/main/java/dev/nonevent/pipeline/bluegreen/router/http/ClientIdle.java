package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** Notices that a client says nothing; a name of its own, so that it can be taken away when the connection changes its use. */
final class ClientIdle extends IdleStateHandler {

    ClientIdle(Limits limits) {
        super(0, 0, limits.clientIdle().toMillis(), TimeUnit.MILLISECONDS);
    }
}
