package dev.nonevent.pipeline.bluegreen.judge;

import java.util.List;

/**
 * Decides during the bake whether a new release is good enough. Without state: the same sample gets the same judgement.
 *
 * <pre>{@code Judge.errorRate().atMost(0.01).withAtLeast(100)}</pre>
 */
public interface Judge {

    /** For the plan: {@code error rate at most 1.0 %}. */
    String description();

    /** Everything wrong with the declaration itself, as sentences. */
    List<String> problems();

    /**
     * Asked again and again while the bake goes on, with a growing sample: {@link Judgement.Fail} ends it at once,
     * anything else lets it go on. An implementation has to stand being asked often: chance alone must not make it fail.
     */
    Judgement soFar(Sample sample);

    /** Asked once, when the bake is over. */
    Judgement atTheEnd(Sample sample);

    static ErrorRate errorRate() {
        return new ErrorRate();
    }
}
