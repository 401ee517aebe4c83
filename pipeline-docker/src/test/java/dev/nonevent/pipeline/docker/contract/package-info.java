/** Real engines and images for tests, of this module and of others: they travel in the test-jar. */
@NullMarked
package dev.nonevent.pipeline.docker.contract;

import org.jspecify.annotations.NullMarked;
