package dev.nonevent.pipeline.examples;

/** What has to be there for a scene besides its shop. */
interface Props {

    /** Nothing is needed. */
    Props NONE = new Props() {
        @Override
        public void require() {}

        @Override
        public void setUp() {}

        @Override
        public void clear() {}
    };

    /**
     * Makes nothing.
     *
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if the machine has not what it takes
     */
    void require() throws Exception;

    /** An interrupt stops it; {@link #clear} removes what it has made so far. */
    void setUp() throws Exception;

    /** Removes what this one, or one before it at the same place, has made; may be called at any time. */
    void clear() throws InterruptedException;
}
