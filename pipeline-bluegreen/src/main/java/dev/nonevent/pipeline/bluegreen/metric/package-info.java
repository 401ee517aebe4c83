/** Numbers for the judge that somebody else measures, asked for over HTTP. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.metric;

import org.jspecify.annotations.NullMarked;
