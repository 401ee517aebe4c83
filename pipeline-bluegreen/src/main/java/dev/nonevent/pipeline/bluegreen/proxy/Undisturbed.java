package dev.nonevent.pipeline.bluegreen.proxy;

/**
 * Work that an interrupt does not break off: it would close files and sockets in the middle of a word, and then nobody knows
 * what was heard. So the work is done once more, and the interrupt is kept for the caller.
 */
public final class Undisturbed {

    private Undisturbed() {}

    /** What may be done again after it was broken off: it changes nothing if it had been done. */
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    public static <T> T run(Work<T> work) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (RuntimeException e) {
                    if (!Thread.interrupted()) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
