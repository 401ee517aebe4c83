/** What a team tries its pipeline with: the run is real, the world and its time are not. */
@NullMarked
package dev.nonevent.pipeline.testkit;

import org.jspecify.annotations.NullMarked;
