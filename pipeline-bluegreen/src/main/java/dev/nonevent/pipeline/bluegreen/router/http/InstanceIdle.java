package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Notices that nothing goes to an instance and nothing comes from it. Looks each time the shorter one of its two limits has
 * passed in silence, so that the longer one is noticed up to so much later.
 */
final class InstanceIdle extends IdleStateHandler {

    private final Limits.Instances limits;
    private int inSilence;

    InstanceIdle(Limits.Instances limits) {
        super(0, 0, shorter(limits).toMillis(), TimeUnit.MILLISECONDS);
        this.limits = limits;
    }

    /** Told each time; whether that is too long now. */
    boolean tooLong(IdleStateEvent silence, boolean answerBegan) {
        inSilence = silence.isFirst() ? 1 : inSilence + 1;
        Duration allowed = answerBegan ? limits.idle() : limits.firstByte();
        return shorter(limits).multipliedBy(inSilence).compareTo(allowed) >= 0;
    }

    private static Duration shorter(Limits.Instances limits) {
        return limits.firstByte().compareTo(limits.idle()) < 0 ? limits.firstByte() : limits.idle();
    }
}
