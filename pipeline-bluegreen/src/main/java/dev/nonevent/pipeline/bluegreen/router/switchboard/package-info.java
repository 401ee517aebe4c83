/** Where requests go: the route, who claimed which side of it, and what was counted. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.router.switchboard;

import org.jspecify.annotations.NullMarked;
