package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Place;

/** One thing that is wrong with a definition, and where it was written. */
public record Problem(Place place, String sentence) {

    @Override
    public String toString() {
        return sentence + " (" + place + ")";
    }
}
