package dev.nonevent.pipeline.bluegreen;

/**
 * Where a process can die: called before and after every fact that is written and after every effect. Does nothing but in
 * tests. The names are made from what is written and done, so that a new boundary cannot be forgotten: the crash sweep
 * records one whole run and then dies at each of them.
 */
@FunctionalInterface
interface Failpoint {

    Failpoint NONE = boundary -> {};

    /** @param boundary such as {@code before Switching}, {@code after Switching}, {@code after the effect of Switching} */
    void at(String boundary);
}
