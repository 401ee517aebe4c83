package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.bluegreen.BlueGreen;
import dev.nonevent.pipeline.definition.Pipeline;
import java.util.function.Supplier;

/**
 * What is on in a scene.
 *
 * @param shop where the shop runs
 * @param path what its users ask for
 * @param props what has to be there besides
 * @param pipeline from a commit to its users; declared when the props are there
 */
record Delivery(BlueGreen<?> shop, String path, Props props, Supplier<Pipeline> pipeline) {}
