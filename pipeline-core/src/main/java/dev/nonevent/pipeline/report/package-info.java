/** Telling people; sees events only. */
@NullMarked
package dev.nonevent.pipeline.report;

import org.jspecify.annotations.NullMarked;
