/** Points users with an HAProxy: one you have, or one of the application's own. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.haproxy;

import org.jspecify.annotations.NullMarked;
