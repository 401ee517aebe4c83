/** Points users with an nginx: one you have, or one of the application's own. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.nginx;

import org.jspecify.annotations.NullMarked;
