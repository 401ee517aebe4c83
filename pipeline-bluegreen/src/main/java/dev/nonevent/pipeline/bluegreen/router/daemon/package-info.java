/** The router as a process of its own: started, found, told what to do. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.router.daemon;

import org.jspecify.annotations.NullMarked;
