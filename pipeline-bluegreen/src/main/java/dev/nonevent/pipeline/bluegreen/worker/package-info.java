/** How what takes work, and no HTTP, is told whether it is its turn. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.worker;

import org.jspecify.annotations.NullMarked;
