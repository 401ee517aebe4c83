/** A world to try a deployment in: its time is virtual, its hosts and users are played, and it can be killed anywhere. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.testkit;

import org.jspecify.annotations.NullMarked;
