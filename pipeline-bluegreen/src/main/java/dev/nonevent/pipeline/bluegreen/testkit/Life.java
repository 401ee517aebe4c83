package dev.nonevent.pipeline.bluegreen.testkit;

import java.util.function.Consumer;

/**
 * One life of a deploying process: it touches the world until it is killed at one touch. From then on it can do nothing more,
 * not even clean up. Only what its own thread does is counted: that is the same whenever the same thing is done.
 */
final class Life implements Consumer<String> {

    private final Thread thread = Thread.currentThread();
    private final long lastTouch;
    private long touches;

    /** @param lastTouch the one it does not survive, counted from 0 */
    Life(long lastTouch) {
        this.lastTouch = lastTouch;
    }

    /** The end of a process: nothing that deploys catches it. */
    static final class Death extends Error {

        private static final long serialVersionUID = 1L;

        Death(String touch) {
            super("killed at " + touch);
        }
    }

    @Override
    public void accept(String touch) {
        if (Thread.currentThread() == thread && touches++ >= lastTouch) {
            throw new Death(touch);
        }
    }

    boolean isOver() {
        return touches > lastTouch;
    }
}
