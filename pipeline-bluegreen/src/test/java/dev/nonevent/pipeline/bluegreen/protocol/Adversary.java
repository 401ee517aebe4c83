package dev.nonevent.pipeline.bluegreen.protocol;

/**
 * What is wrong in a mutant besides its table: how a world without a protection behaves.
 *
 * @param fenced whether the router refuses a lower fence
 * @param stopsByColour whether what is stopped is named by its colour instead of by itself
 */
record Adversary(boolean fenced, boolean stopsByColour) {

    static final Adversary SOUND = new Adversary(true, false);
}
