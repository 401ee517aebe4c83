package dev.nonevent.pipeline.bluegreen.report;

/**
 * What somebody went by.
 *
 * @param words as they were written into the ledger then
 */
public record Evidence(Of of, String words) {

    /** Who or what has said it. */
    public enum Of {
        /** A person who deployed in a freeze all the same. */
        FREEZE,
        /** The checks before any user gets it, or whoever decided in their place. */
        HEALTH,
        /** The judge, or whoever decided in its place, after users had it. */
        JUDGEMENT
    }
}
