package dev.nonevent.pipeline.bluegreen.report;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import java.util.Optional;

/**
 * Where a release stood.
 *
 * @param deployment that started what runs there
 * @param version of the release; empty if the ledger does not know it, because somebody else has pointed users there
 */
public record Side(Colour colour, String deployment, Optional<String> version) {

    /** {@code green (v2)}. */
    String words() {
        return colour + " (" + version.orElse(deployment) + ")";
    }
}
